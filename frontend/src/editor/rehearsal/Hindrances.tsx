import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { ProblemLine } from "../topbar/ProblemLine";
import { useShowStep } from "../useShowStep";

/** What keeps the draft from going live keeps it from being rehearsed; each leads to its step. */
export function Hindrances() {
  const { t } = useTranslation("rehearsal");
  const store = useEditorStore();
  const show = useShowStep();
  const problems = useEditor((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === "error");
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("mendFirst")}>
      <Text size="sm" mb="xs">
        {t("mendFirstText")}
      </Text>
      <List listStyleType="none" spacing="xs">
        {errors.map((problem, index) => (
          <List.Item key={index}>
            {problem.node_id === null ? (
              <ProblemLine problem={problem} />
            ) : (
              <Anchor
                component="button"
                type="button"
                ta="start"
                c="var(--cw-text)"
                underline="always"
                onClick={() => {
                  store.setState({ overlay: null });
                  show(problem.node_id ?? "");
                }}
              >
                <ProblemLine problem={problem} />
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
