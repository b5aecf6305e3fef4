import type { Catalog } from "@/graph/catalog";
import { nodeById, triggerOf } from "@/graph/queries";
import type { Graph, Json } from "@/graph/values";
import { availableVariables, type Variable, type VariableType } from "@/graph/variables";
import { i18n } from "@/i18n";

import { GENITIVES, ownedBy } from "./genitives";

type Known = ReadonlyMap<string, Variable>;

const known = new WeakMap<Catalog, Map<string, Known>>();

/** What the trigger of the graph gives, by path; worked out once for each type of trigger. */
function triggerVariables(graph: Graph, catalog: Catalog): Known {
  const trigger = triggerOf(graph, catalog);
  if (trigger === undefined) return new Map();
  const byTrigger = known.get(catalog) ?? new Map<string, Known>();
  known.set(catalog, byTrigger);
  const found = byTrigger.get(trigger.type);
  if (found) return found;
  const pair = {
    ...graph,
    nodes: [trigger, { ...trigger, id: "\n", type: "" }],
    edges: [{ id: "", source: trigger.id, sourceHandle: "", target: "\n", targetHandle: "" }],
  };
  const groups = availableVariables(pair, catalog, "\n", []);
  const made = new Map(
    groups.flatMap((group) => group.variables).map((variable) => [variable.path, variable]),
  );
  byTrigger.set(trigger.type, made);
  return made;
}

/** What kind of value the trigger gives at the path, where its schema says. */
export function typeOfPath(graph: Graph, catalog: Catalog, path: string): VariableType | undefined {
  return triggerVariables(graph, catalog).get(path)?.type;
}

/** The words for a path: `["Order", "Total"]`; a made-up reading where the schema is silent. */
export function labelsOfPath(graph: Graph, catalog: Catalog, path: string): readonly string[] {
  const variable = triggerVariables(graph, catalog).get(path);
  if (variable) return variable.labels;
  const [root = "", id = "", ...rest] = path.split(".");
  const step = root === "steps" ? nodeById(graph, id) : undefined;
  if (step === undefined) return path.split(".").map(readable);
  return [step.label ?? catalog.get(step.type)?.label ?? readable(id), ...rest.map(readable)];
}

function readable(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Order total`: the words of a path as part of a sentence, in the screen's language. */
export function phraseOfPath(graph: Graph, catalog: Catalog, path: string): string {
  const labels = labelsOfPath(graph, catalog, path);
  const genitives = GENITIVES[i18n.language];
  return genitives ? ownedBy(labels, genitives) : labels.reduce(joined, "");
}

/** What names its owner already is enough by itself: "Order name", not "Order order name". */
function joined(said: string, label: string): string {
  if (said === "") return label;
  const names = label.toLocaleLowerCase().split(" ");
  return names.includes(said.toLocaleLowerCase()) ? label : `${said} ${softened(label)}`;
}

/** Names in capitals (SKU, URL) stay as they are. */
function softened(label: string): string {
  return label.toLocaleUpperCase() === label
    ? label
    : label.charAt(0).toLocaleLowerCase() + label.slice(1);
}

/** An event by the name of the trigger that it starts, where there is one. */
export function eventWords(type: Json | undefined, catalog: Catalog): string {
  if (typeof type !== "string") return "";
  return catalog.types.find((one) => one.event_type === type)?.label ?? type;
}
