import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { appsQuery } from "@/api/catalog";
import { useConnections } from "@/api/connections";
import type { NodeType } from "@/graph/catalog";
import { isObject, type Json } from "@/graph/values";

const SANDBOX = "sandbox";

/** What a type of step still needs before it acts in the world, as a sentence; "" for nothing. */
export function useAppNeeds(): (type: NodeType) => string {
  const { t } = useTranslation("editor");
  const { data: apps } = useQuery(appsQuery);
  const { data: connections } = useConnections();
  return useCallback(
    (type) => {
      const wanted = appsOf(type);
      if (wanted.length === 0 || !connections) return "";
      if (connections.some(({ app }) => wanted.includes(app))) return "";
      const names = wanted.map((id) => apps?.find((app) => app.id === id)?.label ?? id).join(", ");
      return t(type.message ? "palette.needsForMessages" : "palette.needs", { app: names });
    },
    [t, apps, connections],
  );
}

/** The real apps that a step of the type can work with; none where it can do without. */
function appsOf({ config_schema: { properties } }: NodeType): readonly string[] {
  const fields = isObject(properties) ? Object.values(properties) : [];
  return fields.flatMap((field) => {
    if (!isObject(field) || field["x-widget"] !== "connection") return [];
    const named = field["x-connection-app"];
    if (field["x-connection-optional"] === true || !Array.isArray(named)) return [];
    return (named as readonly Json[]).filter(
      (app): app is string => typeof app === "string" && app !== SANDBOX,
    );
  });
}
