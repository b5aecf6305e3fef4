import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useNodeTypes } from "@/api/catalog";
import type { Json, NodeType as WireNodeType, Translation } from "@/api/types";
import { Catalog, type NodeType } from "@/graph/catalog";
import { overlaid } from "@/ui/words";

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
  const words: Translation | undefined = type.translations[language];
  return words === undefined ? type : inWords(type, words);
}

function inWords(type: WireNodeType, words: Translation): NodeType {
  const samples = words.samples as Readonly<Record<string, string>> | undefined;
  return {
    ...type,
    label: words.label ?? type.label,
    description: words.description ?? type.description,
    search: [...type.search, ...((words.search_words as string[] | undefined) ?? [])],
    ports: type.ports.map((port) => ({ ...port, label: words.ports?.[port.id] ?? port.label })),
    config_schema: overlaid(type.config_schema, words.config_schema as Json | undefined),
    output_schema: overlaid(type.output_schema, words.output_schema as Json | undefined),
    samples: type.samples.map((sample) => ({
      ...sample,
      title: samples?.[sample.name] ?? sample.title,
    })),
  };
}
