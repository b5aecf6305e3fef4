import type { Catalog } from "@/graph/catalog";
import { availableVariables, type VariableGroup } from "@/graph/variables";
import type { Graph } from "@/graph/values";

const ID = "event";

/** What conditions can ask of a kind of event: what its trigger gives. */
export function variablesOfEvent(catalog: Catalog, eventType: string): readonly VariableGroup[] {
  const trigger = catalog.latest().find(({ event_type: type }) => type === eventType);
  if (!trigger) return [];
  const node = { id: ID, type: trigger.ref, config: {}, position: { x: 0, y: 0 } };
  const graph: Graph = { schema: 1, nodes: [node], edges: [], settings: {} };
  return availableVariables(graph, catalog, ID, []);
}
