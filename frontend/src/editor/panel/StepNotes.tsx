import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { GraphNode } from "@/graph/values";

import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";

const LONGEST = 2_000;

/** What the merchant wants to remember about the step. */
export function StepNotes({ node }: { node: GraphNode }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  const description = node.description ?? "";
  if (readOnly && description === "") return null;
  return (
    <Textarea
      mt="xl"
      autosize
      minRows={2}
      maxLength={LONGEST}
      label={t("ofStep.notes")}
      placeholder={t("ofStep.notesHint")}
      disabled={readOnly}
      value={description}
      onChange={(event) =>
        perform(
          store,
          { kind: "describe", nodeId: node.id, description: event.currentTarget.value },
          `describe ${node.id}`,
        )
      }
    />
  );
}
