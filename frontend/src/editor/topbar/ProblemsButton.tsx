import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import { useTranslation } from "react-i18next";

import { useEditor } from "../store/EditorContext";
import classes from "./TopBar.module.css";

/** How many things stand in the way. */
export function ProblemsButton(props: ComponentPropsWithRef<"button">) {
  const { t } = useTranslation("editor");
  const problems = useEditor((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return (
    <Button
      {...props}
      variant="subtle"
      color="gray"
      c={errors > 0 ? "var(--cw-bad)" : "var(--cw-warning)"}
      leftSection={<IconAlertTriangle size={18} aria-hidden />}
    >
      <span className={classes.short} aria-hidden>
        {errors > 0 ? errors : problems.length}
      </span>
      <span className={classes.long}>
        {errors > 0
          ? t("step.errors", { count: errors })
          : t("step.warnings", { count: problems.length })}
      </span>
    </Button>
  );
}

export function NoProblems() {
  const { t } = useTranslation("editor");
  return (
    <Button
      variant="subtle"
      color="gray"
      c="dimmed"
      leftSection={<IconCircleCheck size={18} color="var(--cw-good)" aria-hidden />}
      style={{ pointerEvents: "none" }}
      tabIndex={-1}
      component="span"
    >
      <span className={classes.long}>{t("problems.none")}</span>
    </Button>
  );
}
