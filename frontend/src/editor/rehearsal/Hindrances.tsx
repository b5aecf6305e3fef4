import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { ProblemLinks } from "../topbar/ProblemLinks";

/** What keeps the draft from going live keeps it from being rehearsed; each leads to its step. */
export function Hindrances() {
  const { t } = useTranslation("rehearsal");
  const store = useEditorStore();
  const problems = useEditor((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === "error");
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("mendFirst")}>
      <Text size="sm" mb="xs">
        {t("mendFirstText")}
      </Text>
      <ProblemLinks problems={errors} onFollow={() => store.setState({ overlay: null })} />
    </Alert>
  );
}
