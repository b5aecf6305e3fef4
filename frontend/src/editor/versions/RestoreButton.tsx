import { Button, Text, Tooltip } from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { restoreVersion, versionsQuery, workflowQuery } from "@/api/workflows";
import { sameGraph } from "@/graph/sameGraph";
import type { Graph } from "@/graph/values";
import { useNotify } from "@/ui/notify";

import type { Autosaver } from "../saving/Autosaver";
import { perform, takeBack } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

interface Props {
  workflow: Workflow;
  number: number;
  /** The version's; not known yet while it is fetched. */
  graph: Graph | undefined;
  saver: Autosaver;
  onRestored: () => void;
}

/** Makes the version the draft. One step of undo takes it back; the server keeps the old draft. */
export function RestoreButton({ workflow, number, graph, saver, onRestored }: Props) {
  const { t } = useTranslation("versions");
  const readOnly = useEditor((state) => state.readOnly);
  const isSame = useEditor((state) => graph !== undefined && sameGraph(graph, state.graph));
  const { isBusy, restore } = useRestore(workflow, saver, onRestored);
  if (readOnly) return null;
  if (isSame) return <Text size="sm">{t("same")}</Text>;
  return (
    <Tooltip label={t("restoreHint")} multiline maw={300}>
      <Button
        leftSection={<IconRestore size={18} aria-hidden />}
        disabled={graph === undefined}
        loading={isBusy}
        onClick={() => void restore(number)}
      >
        {t("restore")}
      </Button>
    </Tooltip>
  );
}

function useRestore(workflow: Workflow, saver: Autosaver, onRestored: () => void) {
  const { t } = useTranslation("versions");
  const store = useEditorStore();
  const client = useQueryClient();
  const { done, failed, refused } = useNotify();
  const [isBusy, setBusy] = useState(false);
  const restore = async (number: number): Promise<void> => {
    setBusy(true);
    try {
      await saver.flush();
      // What the server has not got it could not set aside.
      if (saver.state.getState().kind !== "saved") {
        refused(t("unsaved"), t("unsavedHint"));
        return;
      }
      const restored = await restoreVersion(workflow.id, number);
      const graph = restored.graph as unknown as Graph;
      perform(store, { kind: "restore", graph });
      saver.takeTheirs({ revision: restored.revision, graph });
      store.setState({ problems: restored.problem_list });
      client.setQueryData(workflowQuery(workflow.id).queryKey, restored);
      void client.invalidateQueries(versionsQuery(workflow.id));
      done(t("restored", { number }), { words: t("undo"), act: () => void takeBack(store) });
      onRestored();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, restore };
}
