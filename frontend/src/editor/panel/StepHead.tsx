import "@/i18n/later/editor";

import { Text } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { NodeType } from "@/graph/catalog";
import type { GraphNode } from "@/graph/values";
import { NodeIcon } from "@/ui/NodeIcon";

import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { StepMenu } from "./StepMenu";
import classes from "./StepPanel.module.css";

interface Props {
  node: GraphNode;
  type: NodeType | undefined;
}

/** Picture, name and menu of the open step. */
export function StepHead({ node, type }: Props) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  return (
    <div className={classes.head}>
      <span className={classes.icon} data-kind={type?.category}>
        <NodeIcon svg={type?.icon ?? ""} size={22} />
      </span>
      <div className={classes.names}>
        <StepName key={node.label} node={node} standard={type?.label ?? t("step.unknown")} />
        <Text size="xs" c="dimmed">
          {node.label ? `${type?.label ?? node.type} · ` : ""}
          {type ? t(`kindOne.${type.category}`) : node.type}
          {node.disabled ? ` · ${t("step.off")}` : ""}
        </Text>
      </div>
      {!readOnly && <StepMenu node={node} />}
    </div>
  );
}

/** The name, to be changed in place. Left empty, the step is called as its type. */
function StepName({ node, standard }: { node: GraphNode; standard: string }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const readOnly = useEditor((state) => state.readOnly);
  const [text, setText] = useState(node.label ?? standard);
  const rename = (): void => {
    const label = text.trim() === standard ? "" : text;
    perform(store, { kind: "rename", nodeId: node.id, label });
    if (label.trim() === "") setText(standard);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") event.currentTarget.blur();
  };
  return (
    <input
      className={classes.name}
      aria-label={t("ofStep.name")}
      id="step-name"
      value={text}
      maxLength={120}
      disabled={readOnly}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={rename}
      onKeyDown={onKeyDown}
    />
  );
}
