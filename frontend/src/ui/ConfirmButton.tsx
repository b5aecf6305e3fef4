import { Button, type ButtonProps, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "./Dialog";

interface Props extends ButtonProps {
  /** The question, as the headline. */
  question: string;
  /** What will happen, and whether it can be undone. */
  consequence: ReactNode;
  /** The verb on the button that does it. */
  confirm: string;
  onConfirm: () => void;
  children: ReactNode;
}

/** A button whose deed is asked about first. */
export function ConfirmButton({
  question,
  consequence,
  confirm,
  onConfirm,
  children,
  ...button
}: Props) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={open}>
        {children}
      </Button>
      <Dialog opened={opened} onClose={close} title={question}>
        <Text>{consequence}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            color="red"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
