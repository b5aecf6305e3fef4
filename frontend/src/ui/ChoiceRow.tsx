import { UnstyledButton } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";

import classes from "./ChoiceRow.module.css";

interface Props {
  isChosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}

/** A row of a list (`ul`) of which one is shown beside it; the arrows go from one to the next. */
export function ChoiceRow({ isChosen, onChoose, children }: Props) {
  return (
    <UnstyledButton
      className={classes.row ?? ""}
      aria-current={isChosen}
      onClick={onChoose}
      onKeyDown={walk}
    >
      {children}
    </UnstyledButton>
  );
}

function walk(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...(event.currentTarget.closest("ul")?.querySelectorAll("button") ?? [])];
  const next = buttons[buttons.indexOf(event.currentTarget) + step];
  event.preventDefault();
  next?.focus();
  next?.click();
}
