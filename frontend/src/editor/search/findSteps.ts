/** Finding steps on the canvas by what they are called, what they are, and what stands in them. */
import type { Catalog, NodeType } from "@/graph/catalog";
import { type Graph, type GraphNode, isObject, type Json } from "@/graph/values";

import { folded } from "../palette/searchTypes";

export interface FoundStep {
  readonly nodeId: string;
  readonly name: string;
  /** The setting that holds the words, where the name does not. */
  readonly excerpt: string;
}

/** Steps in which every word of the search is found; those with it in their names come first. */
export function findSteps(
  graph: Graph,
  catalog: Catalog,
  search: string,
  unknown: string,
): readonly FoundStep[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = graph.nodes.flatMap((node) =>
    matchOf(node, catalog.get(node.type), words, unknown),
  );
  return [...found.filter(({ excerpt }) => excerpt === ""), ...found.filter((one) => one.excerpt)];
}

function matchOf(
  node: GraphNode,
  type: NodeType | undefined,
  words: readonly string[],
  unknown: string,
): readonly FoundStep[] {
  const name = node.label ?? type?.label ?? unknown;
  const about = [name, type?.label, type?.app, node.type, ...(type?.search ?? [])];
  const values = textsOf(node.config).concat(node.description ?? []);
  const names = folded(about.filter(Boolean).join(" "));
  const everything = `${names} ${folded(values.join(" "))}`;
  if (!words.every((word) => everything.includes(word))) return [];
  const missing = words.find((word) => !names.includes(word));
  const value = missing === undefined ? "" : values.find((text) => folded(text).includes(missing));
  return [{ nodeId: node.id, name, excerpt: value ? around(value, missing ?? "") : "" }];
}

function textsOf(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}

const BEFORE = 20;
const LONGEST = 90;

function around(text: string, word: string): string {
  const at = Math.max(0, folded(text).indexOf(word) - BEFORE);
  const part = text.slice(at, at + LONGEST).replaceAll(/\s+/g, " ");
  return `${at > 0 ? "…" : ""}${part}${text.length > at + LONGEST ? "…" : ""}`;
}
