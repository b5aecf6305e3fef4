import { Text } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Problem } from "@/api/types";
import { nodeById } from "@/graph/queries";

import { useEditor } from "../store/EditorContext";
import classes from "./TopBar.module.css";

/** One problem: whose it is, what is wrong, what to do. */
export function ProblemLine({ problem }: { problem: Problem }) {
  const { t } = useTranslation("editor");
  const isError = problem.severity === "error";
  const name = useEditor(({ graph, catalog }) => {
    const node = problem.node_id === null ? undefined : nodeById(graph, problem.node_id);
    return node && (node.label ?? catalog.get(node.type)?.label ?? t("step.unknown"));
  });
  const Picture = isError ? IconAlertCircle : IconAlertTriangle;
  return (
    <span className={classes.problem}>
      <Picture
        size={16}
        color={isError ? "var(--cw-bad)" : "var(--cw-warning)"}
        aria-label={t(isError ? "problems.error" : "problems.warning")}
      />
      <span>
        {name && (
          <Text component="span" size="sm" fw={650}>
            {name}
            {": "}
          </Text>
        )}
        <Text component="span" size="sm">
          {[problem.message, problem.fix].filter(Boolean).join(" ")}
        </Text>
      </span>
    </span>
  );
}
