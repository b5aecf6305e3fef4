import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "./Dialog";

export interface Question {
  /** The question, as the headline. */
  question: string;
  /** What will happen, and whether it can be undone. */
  consequence: ReactNode;
  /** The verb on the button that does it. */
  confirm: string;
  onConfirm: () => void;
}

interface Props extends Question {
  opened: boolean;
  onClose: () => void;
}

/** The question before a deed; what does nothing has the focus. */
export function ConfirmDialog({ question, consequence, confirm, onConfirm, ...dialog }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog {...dialog} title={question}>
      <Text>{consequence}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={dialog.onClose} data-autofocus>
          {t("cancel")}
        </Button>
        <Button
          color="red"
          onClick={() => {
            // The second click of a double click, while the dialog fades away.
            if (!dialog.opened) return;
            dialog.onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
