import { IconAlertTriangle } from "@tabler/icons-react";

import type { FieldProblem } from "@/ui/schema-form/form";

import classes from "./VariableText.module.css";

/** What the server warns of at a field; unlike faults, warnings do not wait for a touch. */
export function Warnings({ problems }: { problems: readonly FieldProblem[] }) {
  return problems
    .filter(({ severity }) => severity === "warning")
    .map(({ message, fix }) => (
      <div key={message} className={classes.warning}>
        <IconAlertTriangle size={14} aria-hidden />
        <span>{[message, fix].filter(Boolean).join(" ")}</span>
      </div>
    ));
}
