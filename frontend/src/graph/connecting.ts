/** Which connections may be drawn, and why others may not. */
import { type Catalog } from "./catalog";
import { nodeById, portsOf, upstream } from "./queries";
import { INPUT_PORT, sameConnection, type Connection, type Graph } from "./values";

export type Refusal =
  | "same_step"
  | "into_trigger"
  | "cycle"
  | "already_connected"
  | "unknown_port"
  /** A way out to a way out, or a way in to a way in. */
  | "wrong_port";

/** `null` when the connection may be drawn. */
export function refusal(graph: Graph, catalog: Catalog, wanted: Connection): Refusal | null {
  if (wanted.source === wanted.target) return "same_step";
  const target = nodeById(graph, wanted.target);
  if (target && catalog.isTrigger(target.type)) return "into_trigger";
  if (!target || wanted.targetHandle !== INPUT_PORT || !hasPort(graph, catalog, wanted)) {
    return "unknown_port";
  }
  if (graph.edges.some((edge) => sameConnection(edge, wanted))) return "already_connected";
  return upstream(graph, wanted.source).has(wanted.target) ? "cycle" : null;
}

function hasPort(graph: Graph, catalog: Catalog, wanted: Connection): boolean {
  const source = nodeById(graph, wanted.source);
  if (source === undefined) return false;
  const ports = portsOf(graph, source, catalog.get(source.type));
  return ports.some((port) => port.id === wanted.sourceHandle);
}

/**
 * For a wire pulled from one output: every step with the reason it cannot be the target,
 * or `null` where it can. One pass over the graph, so that it can run when the drag begins.
 */
export function targetsFor(
  graph: Graph,
  catalog: Catalog,
  source: string,
  sourceHandle: string,
): ReadonlyMap<string, Refusal | null> {
  const before = upstream(graph, source);
  const joined = new Set(
    graph.edges
      .filter((edge) => edge.source === source && edge.sourceHandle === sourceHandle)
      .map((edge) => edge.target),
  );
  return new Map(
    graph.nodes.map((node): [string, Refusal | null] => {
      if (node.id === source) return [node.id, "same_step"];
      if (catalog.isTrigger(node.type)) return [node.id, "into_trigger"];
      if (joined.has(node.id)) return [node.id, "already_connected"];
      return [node.id, before.has(node.id) ? "cycle" : null];
    }),
  );
}
