import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, type ReactNode, Suspense, useState } from "react";

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

/** A button whose deed is asked about first. What was asked is what is done: lists that change while
 * the question stands change neither its words nor its deed. */
export function ConfirmButton({
  question,
  consequence,
  confirm,
  onConfirm,
  children,
  ...button
}: Props) {
  const [opened, { open, close }] = useDisclosure();
  const present: Question = { question, consequence, confirm, onConfirm };
  const [asked, setAsked] = useState(present);
  const ask = () => {
    setAsked(present);
    open();
  };
  return (
    <>
      <Button {...button} onClick={ask}>
        {children}
      </Button>
      <Suspense>
        <ConfirmDialog {...asked} opened={opened} onClose={close} />
      </Suspense>
    </>
  );
}
