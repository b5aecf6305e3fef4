import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { type Table, tablesQuery } from "@/api/tables";
import { useLanguage, useWords } from "@/i18n/useWords";
import type { NodeType } from "@/graph/catalog";
import { triggerOf } from "@/graph/queries";
import { type GraphNode, isObject } from "@/graph/values";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { summaryOf } from "./summaryOf";

interface Props {
  step: GraphNode;
  type: NodeType | undefined;
}

/** What a card says of its step's settings. Tables are asked for only by steps that use one. */
export function StepSummary({ step, type }: Props) {
  const properties = type?.config_schema.properties;
  const usesTable =
    isObject(properties) &&
    Object.values(properties).some((field) => isObject(field) && field["x-widget"] === "table");
  return usesTable ? <OfTable step={step} type={type} /> : <Words step={step} type={type} />;
}

function OfTable(props: Props) {
  const { data } = useQuery(tablesQuery);
  return <Words {...props} tables={data} />;
}

function Words({ step, type, tables }: Props & { tables?: readonly Table[] | undefined }) {
  const t = useWords("editor");
  const language = useLanguage();
  const store = useEditorStore();
  const trigger = useEditor(({ graph, catalog }) => triggerOf(graph, catalog)?.type);
  return useMemo(() => {
    const { graph, catalog } = store.getState();
    const around = { graph, catalog, t, language, ...(tables ? { tables } : {}) };
    return type ? summaryOf(step, type, around) : step.type;
    // The words for what the trigger gives change with the trigger alone, not with every edit.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, step, type, t, language, trigger, tables]);
}
