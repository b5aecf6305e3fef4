import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { NodeIcon } from "@/ui/NodeIcon";

import { addStep } from "../addStep";
import { LazyTemplates } from "../lazily";
import { useTypes } from "../palette/useTypes";
import type { PickerTask } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./EmptyCanvas.module.css";

const START: PickerTask = { kind: "start" };

/** What stands on an empty canvas: the one question that a workflow begins with. */
export function EmptyCanvas() {
  const isEmpty = useEditor((state) => state.graph.nodes.length === 0 && !state.readOnly);
  return isEmpty ? <Question /> : null;
}

function Question() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const triggers = useTypes("", START);
  return (
    <div className={classes.frame}>
      <div className={classes.question}>
        <Title order={2}>{t("empty.title")}</Title>
        <Text c="dimmed" size="sm">
          {t("empty.text")}
        </Text>
        <div className={classes.triggers}>
          {triggers.map((type) => (
            <button key={type.ref} type="button" onClick={() => addStep(store, type, START)}>
              <span className={classes.icon}>
                <NodeIcon svg={type.icon} size={22} />
              </span>
              <span>
                <strong>{type.label}</strong>
                <span className={classes.description}>{type.description}</span>
              </span>
            </button>
          ))}
        </div>
        <LazyTemplates />
      </div>
    </div>
  );
}
