import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";
import type { NodeType as WireNodeType, Translation } from "@/api/types";
import { Catalog, type NodeType } from "@/graph/catalog";

/** The node types in the reader's language; nothing while they are on their way. */
export function useCatalog(): { catalog: Catalog | undefined; error: Error | null } {
  const { data, error } = useNodeTypes();
  const { i18n } = useTranslation();
  const { language } = i18n;
  const catalog = useMemo(
    () => data && new Catalog(data.map((type) => translated(type, language))),
    [data, language],
  );
  return { catalog, error };
}

function translated(type: WireNodeType, language: string): NodeType {
  const words: Translation = type.translations[language] ?? {};
  return {
    ...type,
    label: words.label ?? type.label,
    description: words.description ?? type.description,
    ports: type.ports.map((port) => ({ ...port, label: words.ports?.[port.id] ?? port.label })),
  };
}
