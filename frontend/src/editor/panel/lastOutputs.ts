/** What steps gave last: pinned, in the test on the canvas, or as their samples have it. */
import { type JsonObject } from "@/api/types";
import { asObject } from "@/api/json";
import type { Catalog } from "@/graph/catalog";
import { outputOf } from "@/graph/outputs";
import { type Pin, pinOf } from "@/graph/pins";
import { mainOutput, upstream } from "@/graph/queries";
import { type Graph, type GraphNode, isObject, type Json, MAIN_PORT } from "@/graph/values";

import type { EditorState } from "../store/editorStore";
import type { Trace } from "../store/trace";
import { sampleSources, type Start, startOf } from "../testing/testSource";

/** The part of the editor's state that it is read from. */
export type Known = Pick<EditorState, "graph" | "catalog" | "trace" | "lastEvent">;

export function lastOutput({ graph, catalog, trace }: Known, node: GraphNode): Pin {
  return (
    pinOf(graph.settings, node.id) ?? tracedOutput(trace, node.id) ?? sampleOf(graph, catalog, node)
  );
}

function tracedOutput(trace: Trace | null, nodeId: string): Pin | null {
  const step = trace?.byNode.get(nodeId);
  return step?.port == null ? null : { port: step.port, output: step.output };
}

function sampleOf(graph: Graph, catalog: Catalog, node: GraphNode): Pin {
  const type = catalog.get(node.type);
  const port = mainOutput(graph, node, type) ?? MAIN_PORT;
  return { port, output: (type && outputOf(node, type).sample) ?? null };
}

/** What starts a test of one step: the event of the last test, else the trigger's first sample. */
export function lastEvent(known: Known): { start: Start; data: JsonObject } | null {
  const start = startOf(known.graph, known.catalog);
  if (!start) return null;
  const [sample] = sampleSources(start, { example: "" });
  const last = known.lastEvent?.type === start.eventType ? known.lastEvent.data : sample?.data;
  return { start, data: last ?? {} };
}

/** Everything that the step can use, as one document: what its texts and conditions read from. */
export function scopeOf(known: Known, nodeId: string): JsonObject {
  const { graph, catalog } = known;
  const before = upstream(graph, nodeId);
  const steps = graph.nodes
    .filter((node) => before.has(node.id) && !catalog.isTrigger(node.type))
    .map((node) => [node.id, lastOutput(known, node).output] as const);
  const event = eventData(known);
  return asObject(steps.length === 0 ? event : { ...event, steps: Object.fromEntries(steps) });
}

/** A run's trigger gives what really came in. */
function eventData(known: Known): { readonly [key: string]: Json } {
  const trigger = known.graph.nodes.find((node) => known.catalog.isTrigger(node.type));
  const traced = trigger && known.trace?.byNode.get(trigger.id)?.output;
  return isObject(traced) ? traced : (lastEvent(known)?.data ?? {});
}

/** The value at a path such as `order.customer.email`; `undefined` where there is none. */
export function valueAt(scope: Json, path: string): Json | undefined {
  let value: Json | undefined = scope;
  for (const name of path.split(".")) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}
