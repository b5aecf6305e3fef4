import type { Catalog } from "@/graph/catalog";
import { nodeById, portsOf } from "@/graph/queries";
import type { Graph } from "@/graph/values";

/** One of the two versions, as far as its steps have names. */
export interface Drawn {
  readonly graph: Graph;
  readonly catalog: Catalog;
  /** What a step is called that nobody knows any more. */
  readonly unknown: string;
}

export function stepName({ graph, catalog, unknown }: Drawn, nodeId: string): string {
  const node = nodeById(graph, nodeId);
  return node?.label ?? catalog.get(node?.type ?? "")?.label ?? unknown;
}

/** What a way out of a step is called; empty where it has only one. */
export function portName({ graph, catalog }: Drawn, nodeId: string, port: string | null): string {
  const node = nodeById(graph, nodeId);
  const ports = node ? portsOf(graph, node, catalog.get(node.type)) : [];
  return ports.length > 1 ? (ports.find(({ id }) => id === port)?.label ?? "") : "";
}
