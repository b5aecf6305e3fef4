import "@/i18n/later/editor";

import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import type { Workflow } from "@/api/types";
import { createWorkflow } from "@/api/workflows";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";

import { replaceGraph } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import type { Autosaver, Revision } from "./Autosaver";
import { dropDraft } from "./keptDrafts";
import { wireGraph } from "./useAutosave";

interface Props {
  saver: Autosaver;
  workflow: Workflow;
}

/** What stands above the canvas while the draft cannot be saved as it is. */
export function SaveTrouble({ saver, workflow }: Props) {
  const state = useStore(saver.state);
  if (state.kind === "refused") return <ErrorNotice error={state.reason} />;
  if (state.kind !== "conflict") return null;
  return <Conflict saver={saver} workflow={workflow} theirs={state.theirs} />;
}

/** Two drafts grew from one: nothing is overwritten until somebody chooses. */
function Conflict({ saver, workflow, theirs }: Props & { theirs: Revision }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const { isBusy, keepMine } = useKeepMine(workflow);
  const takeTheirs = (): void => {
    saver.takeTheirs(theirs);
    replaceGraph(store, theirs.graph);
  };
  return (
    <Alert
      color="yellow"
      radius={0}
      role="alert"
      styles={{ title: { color: "var(--cw-warning)" } }}
      icon={<IconAlertTriangle aria-hidden />}
      title={t("conflict.title")}
    >
      <Text size="sm">{t("conflict.text")}</Text>
      <Group gap="sm" mt="sm">
        <Button size="xs" loading={isBusy} onClick={() => void keepMine()}>
          {t("conflict.copy")}
        </Button>
        <Button size="xs" variant="default" onClick={takeTheirs}>
          {t("conflict.theirs")}
        </Button>
      </Group>
    </Alert>
  );
}

function useKeepMine(workflow: Workflow) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const navigate = useNavigate();
  const { failed } = useNotify();
  const [isBusy, setBusy] = useState(false);
  const keepMine = async (): Promise<void> => {
    setBusy(true);
    try {
      const graph = wireGraph(store.getState().graph);
      const copy = await createWorkflow({
        name: t("conflict.copyName", { name: workflow.name }),
        graph,
      });
      dropDraft(workflow.id);
      await navigate({ to: "/workflows/$id", params: { id: copy.id } });
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, keepMine };
}
