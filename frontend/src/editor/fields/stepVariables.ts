import "@/i18n/later/editor";

import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { JsonObject } from "@/api/types";
import { type Table, tablesQuery } from "@/api/tables";
import type { Schema } from "@/graph/catalog";
import { hasRows, type RowColumns } from "@/graph/rows";
import { availableVariables, type ScopeRoot, type VariableGroup } from "@/graph/variables";

import { scopeOf, valueAt } from "../panel/lastOutputs";
import { useEditor } from "../store/EditorContext";

const NONE: readonly VariableGroup[] = [];

/** What the step whose form this is can use from before it. */
export const StepVariables = createContext<readonly VariableGroup[]>(NONE);

export const useStepVariables = (): readonly VariableGroup[] => useContext(StepVariables);

/** Works the variables out for a step; again only when the graph changes. */
export function useVariablesOf(nodeId: string): readonly VariableGroup[] {
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const always = useAlways();
  const tables = useRowColumns();
  const trace = useEditor((state) => state.trace);
  const lastEvent = useEditor((state) => state.lastEvent);
  return useMemo(() => {
    const groups = availableVariables(graph, catalog, nodeId, always, tables);
    return asItWas(groups, scopeOf({ graph, catalog, trace, lastEvent }, nodeId));
  }, [graph, catalog, nodeId, always, tables, trace, lastEvent]);
}

/** The values as they were last; those of which nothing is known keep their sample. */
function asItWas(groups: readonly VariableGroup[], last: JsonObject): readonly VariableGroup[] {
  return groups.map((group) => ({
    ...group,
    variables: group.variables.map((variable) => {
      const value = valueAt(last, variable.path);
      return value === undefined ? variable : { ...variable, sample: value };
    }),
  }));
}

/** The columns of the shop's tables; asked for only where a step works with rows. */
function useRowColumns(): RowColumns | undefined {
  const enabled = useEditor(({ graph, catalog }) => hasRows(graph, catalog));
  const { data } = useQuery({ ...tablesQuery, enabled });
  return useMemo(() => data && columnsById(data), [data]);
}

const columnsById = (tables: readonly Table[]): RowColumns =>
  new Map(tables.map(({ id, columns }) => [id, columns]));

/** What every step can use, whatever came before it. */
function useAlways(): readonly ScopeRoot[] {
  const { t } = useTranslation("editor");
  return useMemo(() => {
    const text = (title: string): Schema => ({ type: "string", title });
    const maybe = (title: string): Schema => ({ type: ["string", "null"], title });
    return [
      root("contact", t("scope.contact"), {
        email: maybe(t("scope.email")),
        phone: maybe(t("scope.phone")),
        id: maybe(t("scope.id")),
      }),
      root("workspace", t("scope.workspace"), {
        name: text(t("scope.name")),
        currency: text(t("scope.currency")),
        timezone: text(t("scope.timezone")),
        locale: text(t("scope.locale")),
      }),
      root("event", t("scope.event"), {
        id: text(t("scope.id")),
        type: text(t("scope.type")),
        received_at: { ...text(t("scope.receivedAt")), format: "date-time" },
      }),
    ];
  }, [t]);
}

function root(name: string, title: string, properties: Record<string, Schema>): ScopeRoot {
  return { name, schema: { type: "object", title, properties } };
}
