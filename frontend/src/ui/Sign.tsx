import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import classes from "./Sign.module.css";

export type Tone = "good" | "bad" | "warning" | "info" | "quiet";

interface Props {
  tone: Tone;
  icon: Icon;
  /** Turns the picture round, for what is under way. */
  turns?: boolean | undefined;
  children: ReactNode;
}

/** A state in a word, with a picture and a colour beside it. */
export function Sign({ tone, icon: Picture, turns, children }: Props) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <Picture size={14} stroke={2.2} aria-hidden data-turns={turns} />
      {children}
    </span>
  );
}
