import type { NodeType } from "@/graph/catalog";
import { type GraphNode, isObject, type Json } from "@/graph/values";

import { eventWords } from "./pathWords";
import { plainText, type Surroundings } from "./plainText";

type Fields = Readonly<Record<string, Json>>;

/** The line that a node type writes for its cards itself (`x-summary`); empty without one. */
export function ownSummary(node: GraphNode, type: NodeType, around: Surroundings): string {
  const { properties, "x-summary": cases } = type.config_schema;
  if (!isObject(cases) || !isObject(properties)) return "";
  const valueOf = (name: string): Json | undefined =>
    node.config[name] ?? schemaOf(properties, name).default;
  const words = Object.values(cases).find((one) => isObject(one) && fits(one.if, valueOf));
  if (!isObject(words) || typeof words.words !== "string") return "";
  const named = [...words.words.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name ?? "");
  const shown = new Map(
    named.map((name) => [name, shownAs(valueOf(name), schemaOf(properties, name), around)]),
  );
  // Half a sentence says less than the setting that says most.
  if ([...shown.values()].includes("")) return "";
  return words.words.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => shown.get(name) ?? "");
}

function fits(wanted: Json | undefined, valueOf: (name: string) => Json | undefined): boolean {
  return Object.entries(isObject(wanted) ? wanted : {}).every(
    ([name, value]) => valueOf(name) === value,
  );
}

function shownAs(value: Json | undefined, schema: Fields, around: Surroundings): string {
  if (schema["x-widget"] === "event-type") return eventWords(value, around.catalog);
  if (Array.isArray(value)) {
    const items = isObject(schema.items) ? schema.items : {};
    const shown = (value as readonly Json[]).map((item) => shownAs(item, items, around));
    return new Intl.ListFormat(around.language, { type: "conjunction" }).format(shown);
  }
  const labels = isObject(schema["x-labels"]) ? schema["x-labels"] : {};
  const label = typeof value === "string" || typeof value === "number" ? labels[value] : undefined;
  if (typeof label === "string") return label;
  if (typeof value === "number") return new Intl.NumberFormat(around.language).format(value);
  return plainText(value, around);
}

function schemaOf(properties: Fields, name: string): Fields {
  const schema = properties[name];
  return isObject(schema) ? schema : {};
}
