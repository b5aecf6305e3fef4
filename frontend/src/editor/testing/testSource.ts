import type { JsonObject } from "@/api/types";
import { triggerOf } from "@/graph/queries";
import type { Catalog, NodeType } from "@/graph/catalog";
import type { Graph, GraphNode } from "@/graph/values";

/** The event a test begins with, before it is edited. */
export interface TestSource {
  readonly key: string;
  readonly name: string;
  readonly data: JsonObject;
}

export interface Start {
  readonly node: GraphNode;
  readonly type: NodeType;
  readonly eventType: string;
}

/** What starts the workflow; nothing while there is no trigger of a known type. */
export function startOf(graph: Graph, catalog: Catalog): Start | null {
  const node = triggerOf(graph, catalog);
  const type = node && catalog.get(node.type);
  return node && type ? { node, type, eventType: eventTypeOf(node, type) } : null;
}

const FROM_CONFIG = "$config.";

function eventTypeOf(node: GraphNode, type: NodeType): string {
  if (type.event_type === null) return type.type.split(".").at(-1) ?? "manual";
  if (!type.event_type.startsWith(FROM_CONFIG)) return type.event_type;
  const named = node.config[type.event_type.slice(FROM_CONFIG.length)];
  return typeof named === "string" ? named : "";
}

/** The trigger's samples; for an event of one's own the example in its settings comes first. */
export function sampleSources({ node, type }: Start, words: { example: string }): TestSource[] {
  const example = node.config.sample;
  const own = isData(example) ? [{ key: "example", name: words.example, data: example }] : [];
  const samples = type.samples.flatMap((sample, index) => {
    const data = sample.output;
    return isData(data)
      ? [{ key: `sample-${index}`, name: sample.title ?? sample.name, data }]
      : [];
  });
  return [...own, ...samples];
}

function isData(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
