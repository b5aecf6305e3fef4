/** What a step gives to later ones: its type's output schema, filled in from its own settings. */
import { type NodeType, type Schema } from "./catalog";
import { readPointer } from "./pointer";
import { type RowColumns, withColumns } from "./rows";
import { isObject, type GraphNode, type Json } from "./values";

export interface Output {
  readonly schema: Schema;
  readonly sample: Json | undefined;
}

const NO_TABLES: RowColumns = new Map();

export function outputOf(node: GraphNode, type: NodeType, tables: RowColumns = NO_TABLES): Output {
  const schema = withColumns(type.output_schema, node.config, tables);
  const example =
    typeof schema["x-like"] === "string" && readPointer(node.config, schema["x-like"]);
  if (isObject(example)) return { schema: schemaLike(example), sample: example };
  const members = membersOf(node, schema["x-members"]);
  if (members === null) return { schema, sample: sampleOutput(type) };
  return { schema: { ...schema, properties: members }, sample: sampleOutput(type) };
}

/** The output of the sample that went well. */
function sampleOutput(type: NodeType): Json | undefined {
  const good = type.samples.find((sample) => sample.port !== "error") ?? type.samples[0];
  return good?.output;
}

const KINDS: Readonly<Record<string, Schema>> = {
  text: { type: "string" },
  number: { type: "number" },
  money: { type: "string", "x-type": "money" },
  boolean: { type: "boolean" },
};

/** `x-members` says where the settings list the names and kinds of what comes out. */
function membersOf(node: GraphNode, hint: Json | undefined): { [name: string]: Schema } | null {
  if (!isObject(hint) || typeof hint.at !== "string") return null;
  const listed = readPointer(node.config, hint.at);
  if (!Array.isArray(listed)) return {};
  const pairs = (listed as readonly Json[]).flatMap((item) => {
    const name = textAt(item, hint.name);
    return name === "" ? [] : [[name, KINDS[textAt(item, hint.kind)] ?? {}] as const];
  });
  return Object.fromEntries(pairs);
}

function textAt(item: Json, key: Json | undefined): string {
  const value = isObject(item) && typeof key === "string" ? item[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** A schema that the example fits. */
function schemaLike(example: Json | undefined): Schema {
  if (Array.isArray(example)) {
    return { type: "array", items: schemaLike((example as readonly Json[])[0]) };
  }
  if (isObject(example)) {
    const properties = Object.entries(example).map(([name, value]) => [name, schemaLike(value)]);
    return { type: "object", properties: Object.fromEntries(properties) as Schema };
  }
  return example === null || example === undefined ? {} : { type: typeof example };
}
