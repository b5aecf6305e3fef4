import { Button, Menu } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Problem } from "@/api/types";

import { useEditor } from "../store/EditorContext";
import { useShowStep } from "../useShowStep";
import { ProblemLine } from "./ProblemLine";

/** How many things stand in the way; each leads to its step. */
export function ProblemsMenu() {
  const { t } = useTranslation("editor");
  const problems = useEditor((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (problems.length === 0) {
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
        {t("problems.none")}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" width={400} withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c={errors > 0 ? "var(--cw-bad)" : "var(--cw-warning)"}
          leftSection={<IconAlertTriangle size={18} aria-hidden />}
        >
          {errors > 0
            ? t("step.errors", { count: errors })
            : t("step.warnings", { count: problems.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {problems.map((problem, index) => (
          <ProblemItem key={index} problem={problem} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ProblemItem({ problem }: { problem: Problem }) {
  const show = useShowStep();
  return (
    <Menu.Item onClick={() => problem.node_id !== null && show(problem.node_id)}>
      <ProblemLine problem={problem} />
    </Menu.Item>
  );
}
