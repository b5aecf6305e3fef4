import "@/i18n/later/editor";

import type { TFunction } from "i18next";

import type { Catalog, Schema } from "@/graph/catalog";
import { differencesOf, type StepChange } from "@/graph/differences";
import { nodeById, portsOf } from "@/graph/queries";
import { type Graph, type GraphEdge, type GraphNode, isObject, type Json } from "@/graph/values";

interface Around {
  readonly live: Graph;
  readonly draft: Graph;
  readonly catalog: Catalog;
  readonly t: TFunction<"editor">;
}

/** One line for each thing that the draft does otherwise than the live version. */
export function changeWords(around: Around): readonly string[] {
  const { live, draft, t } = around;
  const found = differencesOf(live, draft);
  const name = (node: GraphNode): string => nameOf(node, around);
  const wire = (graph: Graph) => (edge: GraphEdge) => wireNames(graph, edge, around);
  return [
    ...found.added.map((node) => t("changes.added", { name: name(node) })),
    ...found.removed.map((node) => t("changes.removed", { name: name(node) })),
    ...found.changed.map((change) =>
      t("changes.step", { name: name(change.after), what: stepWords(change, around).join(", ") }),
    ),
    ...found.drawn.map(wire(draft)).map((names) => t("changes.drawn", names)),
    ...found.erased.map(wire(live)).map((names) => t("changes.erased", names)),
    ...(found.inSettings ? [t("changes.settings")] : []),
  ];
}

function stepWords({ before, after, settings }: StepChange, around: Around): string[] {
  const { catalog, t } = around;
  const schema = catalog.get(after.type)?.config_schema ?? {};
  const isOther = before.type !== after.type;
  const isNamed = before.label !== after.label;
  const isSwitched = before.disabled !== after.disabled;
  return [
    ...(isOther ? [t("changes.type", { from: catalog.get(before.type)?.label ?? "" })] : []),
    ...(isNamed ? [t("changes.name", { from: nameOf(before, around) })] : []),
    ...(isSwitched ? [t(after.disabled ? "changes.off" : "changes.on")] : []),
    ...settings.map((name) => settingWords(fieldOf(schema, name), name, [before, after])),
  ];
}

function nameOf(node: GraphNode | undefined, { catalog, t }: Around): string {
  return node?.label ?? catalog.get(node?.type ?? "")?.label ?? t("step.unknown");
}

/** From where to where; the way out is named where there are several. */
function wireNames(graph: Graph, { source, sourceHandle, target }: GraphEdge, around: Around) {
  const from = nodeById(graph, source);
  const ports = from ? portsOf(graph, from, around.catalog.get(from.type)) : [];
  const port = ports.find(({ id }) => id === sourceHandle)?.label ?? "";
  const name = nameOf(from, around);
  return {
    from: ports.length > 1 && port !== "" ? `${name} (${port})` : name,
    to: nameOf(nodeById(graph, target), around),
  };
}

function fieldOf({ properties }: Schema, name: string): Schema {
  const field = isObject(properties) ? properties[name] : undefined;
  return isObject(field) ? field : {};
}

/** "Amount: 3 → 5"; the name alone where a value is long, or made of several. */
function settingWords(field: Schema, name: string, steps: readonly GraphNode[]): string {
  const title = typeof field.title === "string" ? field.title : name;
  const values = steps.map(({ config }) => shortValue(field, config[name]));
  return values.includes(null) ? title : `${title}: ${values.join(" → ")}`;
}

const SHORT = 30;

function shortValue(field: Schema, value: Json | undefined): string | null {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "" || value.length > SHORT) return null;
  const labels = field["x-labels"];
  const label = isObject(labels) ? labels[value] : undefined;
  if (typeof label === "string") return label;
  const isOwn = value.includes("{") || field["x-widget"] !== undefined;
  return isOwn ? null : value;
}
