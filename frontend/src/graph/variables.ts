/** What a step can use from before it: paths with their words, types and sample values. */
import { type Catalog, type NodeType, type Schema } from "./catalog";
import { outputOf } from "./outputs";
import { upstream } from "./queries";
import { type RowColumns } from "./rows";
import { isObject, type Graph, type GraphNode, type Json } from "./values";

export type VariableType =
  "text" | "number" | "money" | "boolean" | "date" | "list" | "object" | "any";

export interface Variable {
  /** As conditions name it: `order.line_items.sku`. */
  readonly path: string;
  /** From the outside in: `["Order", "Customer", "Email"]`. */
  readonly labels: readonly string[];
  readonly type: VariableType;
  readonly sample: Json | undefined;
  readonly mayBeEmpty: boolean;
  /** The list that the path goes through, so that a condition asks "any, all or none of them". */
  readonly list: string | null;
  /** Values that the schema allows, where it names them. */
  readonly choices: readonly Json[];
}

export interface VariableGroup {
  /** `order`, `customer`, `steps.send_email` … */
  readonly path: string;
  readonly label: string;
  readonly variables: readonly Variable[];
}

/** Something every step can use: the workspace, the contact, the event. */
export interface ScopeRoot {
  readonly name: string;
  readonly schema: Schema;
  readonly sample?: Json;
}

const DEEPEST = 6;

/**
 * In the order of use: what the trigger gives, then the steps before, then what is always there. A
 * trigger sees what it gives itself, for its filter.
 */
export function availableVariables(
  graph: Graph,
  catalog: Catalog,
  nodeId: string,
  always: readonly ScopeRoot[],
  tables?: RowColumns,
): readonly VariableGroup[] {
  const before = upstream(graph, nodeId);
  const steps = graph.nodes.filter(
    ({ id, type }) => before.has(id) || (id === nodeId && catalog.isTrigger(type)),
  );
  const triggers = steps.filter((node) => catalog.isTrigger(node.type));
  const others = steps.filter((node) => !catalog.isTrigger(node.type));
  const given = new Set<string>();
  return [
    ...triggers.flatMap((node) => triggerGroups(node, catalog.get(node.type))),
    ...others.flatMap((node) => stepGroup(node, catalog.get(node.type), tables)),
    ...always.map((root) => groupOf(root.name, root.schema, root.sample)),
  ].filter((group) => {
    const isNew = !given.has(group.path);
    given.add(group.path);
    return isNew && group.variables.length > 0;
  });
}

function triggerGroups(node: GraphNode, type: NodeType | undefined): readonly VariableGroup[] {
  if (type === undefined) return [];
  const { schema, sample } = outputOf(node, type);
  return Object.entries(propertiesOf(schema)).map(([name, child]) =>
    groupOf(name, child, member(sample, name)),
  );
}

function stepGroup(
  node: GraphNode,
  type: NodeType | undefined,
  tables: RowColumns | undefined,
): readonly VariableGroup[] {
  if (type === undefined) return [];
  const label = node.label ?? type.label;
  const { schema, sample } = outputOf(node, type, tables);
  const group = groupOf(`steps.${node.id}`, schema, sample);
  return [{ ...group, label, variables: group.variables.map((item) => relabelled(item, label)) }];
}

function relabelled(variable: Variable, label: string): Variable {
  return { ...variable, labels: [label, ...variable.labels.slice(1)] };
}

function groupOf(path: string, schema: Schema, sample: Json | undefined): VariableGroup {
  const label = titleOf(schema, path);
  const start = { path, labels: [label], list: null, depth: 0 };
  const isValue = typeOf(schema) !== "object";
  const variables = isValue ? [variableOf(start, schema, sample)] : walk(start, schema, sample);
  return { path, label, variables };
}

interface Place {
  readonly path: string;
  readonly labels: readonly string[];
  readonly list: string | null;
  readonly depth: number;
}

function walk(place: Place, schema: Schema, sample: Json | undefined): readonly Variable[] {
  if (place.depth >= DEEPEST) return [];
  return Object.entries(propertiesOf(schema)).flatMap(([name, child]) => {
    const inner: Place = {
      path: `${place.path}.${name}`,
      labels: [...place.labels, titleOf(child, name)],
      list: place.list,
      depth: place.depth + 1,
    };
    return branch(inner, child, member(sample, name));
  });
}

function branch(place: Place, schema: Schema, sample: Json | undefined): readonly Variable[] {
  const type = typeOf(schema);
  if (type === "object") {
    const inside = walk(place, schema, sample);
    return inside.length > 0 ? inside : [variableOf(place, schema, sample)];
  }
  const items = type === "list" ? schemaAt(schema, "items") : null;
  if (items === null || place.list !== null) return [variableOf(place, schema, sample)];
  const first = Array.isArray(sample) ? (sample as readonly Json[])[0] : undefined;
  const inside = walk({ ...place, list: place.path }, items, first);
  return [variableOf(place, schema, sample), ...inside];
}

function variableOf(place: Place, schema: Schema, sample: Json | undefined): Variable {
  const choices = schema.enum;
  return {
    path: place.path,
    labels: place.labels,
    type: typeOf(schema),
    sample,
    mayBeEmpty: allowsNull(schema),
    list: place.list,
    choices: Array.isArray(choices) ? (choices as Json[]).filter((choice) => choice !== null) : [],
  };
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  const properties = plainSchema(schema).properties;
  if (!isObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [name, isObject(child) ? child : {}]),
  );
}

function schemaAt(schema: Schema, key: string): Schema | null {
  const child = plainSchema(schema)[key];
  return isObject(child) ? child : null;
}

/** `anyOf: [something, null]` is that something, which may be empty. */
function plainSchema(schema: Schema): Schema {
  const options = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(options)) return schema;
  const real = (options as readonly Json[]).find(
    (option) => isObject(option) && option.type !== "null",
  );
  return isObject(real) ? { ...real, ...schema } : schema;
}

function allowsNull(schema: Schema): boolean {
  const options = schema.anyOf ?? schema.oneOf;
  const inOptions =
    Array.isArray(options) &&
    (options as readonly Json[]).some((option) => isObject(option) && option.type === "null");
  return inOptions || (Array.isArray(schema.type) && schema.type.includes("null"));
}

function titleOf(schema: Schema, name: string): string {
  if (typeof schema.title === "string") return schema.title;
  const words = (name.split(".").at(-1) ?? name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SIMPLE_TYPES: Readonly<Record<string, VariableType>> = {
  string: "text",
  integer: "number",
  number: "number",
  boolean: "boolean",
  array: "list",
  object: "object",
};

function typeOf(given: Schema): VariableType {
  const schema = plainSchema(given);
  if (schema["x-type"] === "money" || schema.format === "money") return "money";
  if (schema.format === "date-time" || schema.format === "date") return "date";
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]) as readonly Json[];
  const named = types.find((type) => typeof type === "string" && type !== "null");
  if (typeof named === "string") return SIMPLE_TYPES[named] ?? "any";
  return isObject(schema.properties) ? "object" : "any";
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function findVariable(groups: readonly VariableGroup[], path: string): Variable | undefined {
  return groups.flatMap((group) => group.variables).find((variable) => variable.path === path);
}

/** What stands in a text for the variable; a value inside a list becomes all of them, in a row. */
export function liquidOf(variable: Variable): string {
  if (variable.list === null) {
    return variable.type === "list"
      ? `{{ ${variable.path} | join: ", " }}`
      : `{{ ${variable.path} }}`;
  }
  const inside = variable.path.slice(variable.list.length + 1);
  return `{{ ${variable.list} | map: "${inside}" | join: ", " }}`;
}

const PLACEHOLDER =
  /^\{\{-?\s*([\w.]+)\s*(?:\|\s*map:\s*"([\w.]+)"\s*)?(?:\|\s*join:\s*"[^"]*"\s*)?(?:\|\s*default:\s*(?:"[^"]*"|'[^']*')\s*)?-?\}\}$/;

/** The path of a placeholder that a chip can stand for; `null` for richer Liquid. */
export function pathOfPlaceholder(text: string): string | null {
  const found = PLACEHOLDER.exec(text);
  if (found?.[1] === undefined) return null;
  return found[2] === undefined ? found[1] : `${found[1]}.${found[2]}`;
}
