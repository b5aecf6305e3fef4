import type { NodeType } from "@/graph/catalog";
import { type GraphNode, isObject, type Json } from "@/graph/values";

import { readRules } from "../fields/rules";
import { ownSummary } from "./ownSummary";
import { eventWords, phraseOfPath, typeOfPath } from "./pathWords";
import { plainText, type Surroundings } from "./plainText";
import { rulesSentence } from "./ruleWords";

interface Candidate {
  readonly weight: number;
  readonly words: string;
}

/**
 * What a card says of its own settings, in one line: "Order total is above 100", "3 days", the
 * first words of a message. Made from the settings' widgets, so that every node type has one.
 */
export function summaryOf(node: GraphNode, type: NodeType, around: Surroundings): string {
  const own = ownSummary(node, type, around);
  if (own !== "") return own;
  const candidates = [durationCandidate(node, around), ...fieldCandidates(node, type, around)];
  const best = candidates
    .filter((candidate) => candidate.words !== "")
    .reduce<Candidate | null>((top, next) => (top && top.weight >= next.weight ? top : next), null);
  return best?.words ?? type.description;
}

const UNITS: Readonly<Record<string, string>> = {
  seconds: "second",
  minutes: "minute",
  hours: "hour",
  days: "day",
  weeks: "week",
};

function durationCandidate({ config }: GraphNode, { language }: Surroundings): Candidate {
  return { weight: 4, words: durationWords(config, language) };
}

function durationWords(value: Json | undefined, language: string): string {
  if (!isObject(value) || typeof value.amount !== "number") return "";
  const unit = typeof value.unit === "string" ? UNITS[value.unit] : undefined;
  if (unit === undefined) return "";
  return unitFormat(language, unit).format(value.amount);
}

const unitFormats = new Map<string, Intl.NumberFormat>();

/** Made once: cards that come into sight in a pan have no time for it. */
function unitFormat(language: string, unit: string): Intl.NumberFormat {
  const key = `${language} ${unit}`;
  const known = unitFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
  unitFormats.set(key, made);
  return made;
}

function fieldCandidates(
  node: GraphNode,
  type: NodeType,
  around: Surroundings,
): readonly Candidate[] {
  const { properties } = type.config_schema;
  if (!isObject(properties)) return [];
  return Object.entries(properties).map(([name, field]) => {
    const value = node.config[name];
    const schema = isObject(field) ? field : {};
    const candidate = candidateFor(schema, value, node, around);
    // A setting left as it came says little about this step.
    return value === schema.default ? { ...candidate, weight: candidate.weight - 3 } : candidate;
  });
}

function candidateFor(
  schema: { readonly [key: string]: Json },
  value: Json | undefined,
  node: GraphNode,
  around: Surroundings,
): Candidate {
  switch (schema["x-widget"]) {
    case "rules":
      return { weight: 6, words: sentenceOf(value, around) };
    case "cases":
      return { weight: 4, words: listed(value) };
    case "duration":
      return { weight: 4, words: durationWords(value, around.language) };
    case "template-multiline":
    case "template-html":
      return { weight: 3, words: plainText(value, around) };
    case "connection":
    case "secret":
    case "table":
      return { weight: 0, words: "" };
    case "table-column":
      return { weight: 3, words: columnWords(value, node, around) };
    case "variable":
      return { weight: 2, words: pathWords(value, around) };
    case "event-type":
      return { weight: 2, words: eventWords(value, around.catalog) };
    case "table-cells":
      return { weight: 2, words: cellWords(value, around) };
    default:
      return Array.isArray(value)
        ? { weight: 3, words: listed(value) }
        : { weight: 2, words: plainText(value, around) };
  }
}

function sentenceOf(value: Json | undefined, { graph, catalog, t }: Surroundings): string {
  const phrase = (path: string): string => phraseOfPath(graph, catalog, path);
  const typeOf = (path: string) => typeOfPath(graph, catalog, path);
  return rulesSentence(readRules(value), { t, phrase, typeOf });
}

/** "Waitlist: E-mail": the table's name and the column's, not the column's key. */
function columnWords(key: Json | undefined, { config }: GraphNode, { tables }: Surroundings) {
  const table = tables?.find(({ id }) => Object.values(config).includes(id));
  const column = table?.columns.find((one) => one.key === key);
  return table && column ? `${table.name}: ${column.name}` : "";
}

function pathWords(path: Json | undefined, { graph, catalog }: Surroundings): string {
  return typeof path === "string" && path !== "" ? phraseOfPath(graph, catalog, path) : "";
}

/** What is written into the columns of a row. */
function cellWords(value: Json | undefined, around: Surroundings): string {
  const texts = isObject(value) ? Object.values(value) : [];
  return texts.map((text) => plainText(text, around)).join(", ");
}

function listed(value: Json | undefined): string {
  if (!Array.isArray(value)) return "";
  return (value as readonly Json[]).map(itemName).filter(Boolean).join(", ");
}

function itemName(item: Json): string {
  if (!isObject(item)) return typeof item === "string" ? item : "";
  const name = [item.label, item.name, item.value].find(
    (text) => typeof text === "string" && text !== "",
  );
  return typeof name === "string" ? name : "";
}
