import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, type ReactNode, Suspense } from "react";

import type { Question } from "./ConfirmDialog";
import { orLater } from "./orLater";

// Fetched as soon as the button is there: closing gives the focus back to it only if it was there
// before it opened.
const ConfirmDialog = lazy(async () => ({
  default: (await orLater(() => import("./ConfirmDialog"))).ConfirmDialog,
}));

interface Props extends ButtonProps, Question {
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
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button {...button} onClick={open}>
        {children}
      </Button>
      <Suspense>
        <ConfirmDialog {...{ question, consequence, confirm, onConfirm, opened }} onClose={close} />
      </Suspense>
    </>
  );
}
