import "@/i18n/later/editor";

import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { NodeIcon } from "@/ui/NodeIcon";

import { addStep } from "../addStep";
import { useTypes } from "../palette/useTypes";
import { CanvasTemplates } from "../templates/CanvasTemplates";
import type { PickerTask } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import classes from "./EmptyCanvas.module.css";

const START: PickerTask = { kind: "start" };

/** The one question that a workflow begins with, and drawings that answer it. */
export function StartQuestion() {
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
        <CanvasTemplates />
      </div>
    </div>
  );
}
