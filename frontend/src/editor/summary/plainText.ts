import type { TFunction } from "i18next";

import type { Catalog } from "@/graph/catalog";
import type { Graph, Json } from "@/graph/values";
import { pathOfPlaceholder } from "@/graph/variables";

import { labelsOfPath } from "./pathWords";

/** What a summary is made in. */
export interface Surroundings {
  readonly graph: Graph;
  readonly catalog: Catalog;
  readonly t: TFunction<"editor">;
  readonly language: string;
  /** The shop's tables, for steps that use one. */
  readonly tables?: readonly TableWords[];
}

interface TableWords {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly { readonly key: string; readonly name: string }[];
}

const LONGEST = 140;

/** The text without marks, its variables as their last word: "Hi First name, thank you …". */
export function plainText(value: Json | undefined, { graph, catalog }: Surroundings): string {
  if (typeof value !== "string") return "";
  return value
    .slice(0, 4 * LONGEST)
    .replaceAll(/\{\{.*?\}\}/gs, (placeholder) => {
      const path = pathOfPlaceholder(placeholder);
      return path === null ? "…" : (labelsOfPath(graph, catalog, path).at(-1) ?? "…");
    })
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, LONGEST);
}
