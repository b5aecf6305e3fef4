import "@/i18n/later/editor";

import { CloseButton, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";
import { liquidOf, type Variable } from "@/graph/variables";
import { JsonView } from "@/ui/JsonView";

import { dragVariable } from "../fields/draggedVariable";
import { useInsertTarget } from "../fields/insertTarget";
import { sampleWords } from "../fields/sampleWords";
import { useVariablesOf } from "../fields/stepVariables";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { CopyValue } from "./CopyValue";
import { type DataLook, LookChoice, textOf } from "./DataView";
import classes from "./DataView.module.css";
import { scopeOf, valueAt } from "./lastOutputs";

interface Props {
  nodeId: string;
  onClose: () => void;
}

/** What comes into the step, to read, to copy, and to drag into its settings. */
export function InputPane({ nodeId, onClose }: Props) {
  const { t } = useTranslation("editor");
  const [look, setLook] = useState<DataLook>("table");
  const isReal = useEditor(({ trace, lastEvent }) => trace !== null || lastEvent !== null);
  const scope = useScope(nodeId);
  return (
    <section className={classes.pane} aria-label={t("input.name")}>
      <div className={classes.paneHead}>
        <div className={classes.row}>
          <Text fw={650} flex={1}>
            {t("input.name")}
          </Text>
          <CloseButton aria-label={t("input.close")} onClick={onClose} />
        </div>
        <Text size="xs" c="dimmed">
          {t(isReal ? "input.fromTest" : "input.fromSample")}
        </Text>
        <LookChoice look={look} onChange={setLook} />
      </div>
      <div className={classes.paneBody}>
        {look === "json" ? (
          <JsonView value={scope} />
        ) : (
          <Fields nodeId={nodeId} scope={scope} look={look} />
        )}
      </div>
    </section>
  );
}

/** Worked out anew with every change of the graph while the pane is open, and only then. */
function useScope(nodeId: string) {
  const store = useEditorStore();
  useEditor((state) => state.graph);
  useEditor((state) => state.trace);
  useEditor((state) => state.lastEvent);
  return scopeOf(store.getState(), nodeId);
}

interface FieldsProps {
  nodeId: string;
  scope: Json;
  look: DataLook;
}

function Fields({ nodeId, scope, look }: FieldsProps) {
  return useVariablesOf(nodeId).map((group) => (
    <section key={group.path}>
      <h3 className={classes.group}>{group.label}</h3>
      {group.variables.map((variable) => (
        <Field key={variable.path} variable={variable} scope={scope} look={look} />
      ))}
    </section>
  ));
}

interface FieldProps extends Omit<FieldsProps, "nodeId"> {
  variable: Variable;
}

/** One value: a click puts it where the cursor was last, a drag where it is let go. */
function Field({ variable, scope, look }: FieldProps) {
  const { t } = useTranslation("editor");
  const target = useInsertTarget();
  const name = variable.labels.slice(1).join(" → ") || variable.labels.join(" → ");
  const value = valueAt(scope, variable.path) ?? variable.sample;
  const words = look === "schema" ? t(`data.kind.${variable.type}`) : sampleWords(value);
  return (
    <div className={classes.row}>
      <button
        type="button"
        draggable
        className={classes.field}
        title={t("input.use")}
        onDragStart={(event: DragEvent) => dragVariable(event, variable)}
        onClick={() => target.current?.(liquidOf(variable))}
      >
        <span>{name}</span>
        <span>{words || "–"}</span>
      </button>
      <CopyValue what="path" text={variable.path} />
      {value !== undefined && <CopyValue what="value" text={textOf(value)} />}
    </div>
  );
}
