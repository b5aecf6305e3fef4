/** Questions about a graph. Nothing here changes anything. */
import { type Catalog, type NodeType, type Port } from "./catalog";
import { grouped } from "./grouping";
import { notesOf } from "./notes";
import { readPointer } from "./pointer";
import {
  INPUT_PORT,
  MAIN_PORT,
  isObject,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type Json,
} from "./values";

export function nodeById(graph: Graph, id: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id);
}

export function edgeById(graph: Graph, id: string): GraphEdge | undefined {
  return graph.edges.find((edge) => edge.id === id);
}

export function triggerOf(graph: Graph, catalog: Catalog): GraphNode | undefined {
  return graph.nodes.find((node) => catalog.isTrigger(node.type));
}

export function outgoing(graph: Graph, nodeId: string): readonly GraphEdge[] {
  return graph.edges.filter((edge) => edge.source === nodeId);
}

export function incoming(graph: Graph, nodeId: string): readonly GraphEdge[] {
  return graph.edges.filter((edge) => edge.target === nodeId);
}

/** Every step that can run before this one, without the step itself. */
export function upstream(graph: Graph, nodeId: string): ReadonlySet<string> {
  return reach(graph, nodeId, "source");
}

/** Every step that can run after this one, without the step itself (unless the graph has a cycle). */
export function downstream(graph: Graph, nodeId: string): ReadonlySet<string> {
  return reach(graph, nodeId, "target");
}

function reach(graph: Graph, start: string, end: "source" | "target"): ReadonlySet<string> {
  const neighbours = adjacency(graph, end);
  const found = new Set<string>();
  const open = [...(neighbours.get(start) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(neighbours.get(id) ?? []));
  }
  return found;
}

function adjacency(graph: Graph, end: "source" | "target"): ReadonlyMap<string, readonly string[]> {
  const other = end === "source" ? "target" : "source";
  const groups = grouped(graph.edges, (edge) => edge[other]);
  return new Map([...groups].map(([id, edges]) => [id, edges.map((edge) => edge[end])]));
}

/** Output ports, top to bottom: those that the config lists (cases) first, then the fixed ones. */
export function portsOf(
  graph: Graph,
  node: GraphNode,
  type: NodeType | undefined,
): readonly Port[] {
  if (type === undefined) return portsInUse(graph, node.id);
  return [...dynamicPorts(node, type), ...type.ports];
}

/** A type that is not known here still shows the ports its edges leave from. */
function portsInUse(graph: Graph, nodeId: string): readonly Port[] {
  const handles = new Set(outgoing(graph, nodeId).map((edge) => edge.sourceHandle));
  return [...handles].map((id) => ({ id, label: id }));
}

function dynamicPorts(node: GraphNode, type: NodeType): readonly Port[] {
  if (type.dynamic_ports === null) return [];
  const listed = readPointer(node.config, type.dynamic_ports);
  if (!Array.isArray(listed)) return [];
  return (listed as readonly Json[]).flatMap((item) => {
    if (!isObject(item) || typeof item.id !== "string") return [];
    return [{ id: item.id, label: caseLabel(item) }];
  });
}

function caseLabel(item: { readonly [key: string]: Json }): string {
  const named = [item.label, item.value].find((text) => typeof text === "string" && text !== "");
  return typeof named === "string" ? named : "";
}

export function hasInput(node: GraphNode, catalog: Catalog): boolean {
  return !catalog.isTrigger(node.type);
}

export function inputPort(node: GraphNode, catalog: Catalog): string | null {
  return hasInput(node, catalog) ? INPUT_PORT : null;
}

/** The ordinary way on: `done` where the type has it, else its first port; `null` where it ends. */
export function mainOutput(
  graph: Graph,
  node: GraphNode,
  type: NodeType | undefined,
): string | null {
  const ports = portsOf(graph, node, type);
  return (ports.find((port) => port.id === MAIN_PORT) ?? ports[0])?.id ?? null;
}

/** Steps that nothing follows, although something could. */
export function looseEnds(graph: Graph, catalog: Catalog): readonly GraphNode[] {
  const sources = new Set(graph.edges.map((edge) => edge.source));
  return graph.nodes.filter(
    (node) => !sources.has(node.id) && mainOutput(graph, node, catalog.get(node.type)) !== null,
  );
}

/** Ports that no edge leaves yet. */
export function openPorts(
  graph: Graph,
  node: GraphNode,
  type: NodeType | undefined,
): readonly Port[] {
  const used = new Set(outgoing(graph, node.id).map((edge) => edge.sourceHandle));
  return portsOf(graph, node, type).filter((port) => !used.has(port.id));
}

/**
 * A free id that reads well inside a text: `send_email`, then `send_email_2`.
 * Variables name steps by it (`steps.send_email.status`), so it holds no dots or dashes.
 */
export function freeNodeId(taken: ReadonlySet<string>, typeRef: string): string {
  const name = typeRef.split("@", 1)[0]?.split(".").at(-1)?.replaceAll(/\W/g, "_") ?? "";
  return freeName(taken, name === "" ? "step" : name);
}

export function freeEdgeId(taken: ReadonlySet<string>, source: string, target: string): string {
  return freeName(taken, `${source}-${target}`);
}

function freeName(taken: ReadonlySet<string>, wanted: string): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${String(number)}`)) number += 1;
  return `${wanted}_${String(number)}`;
}

/** The ids of all that lies on the canvas: a note never shares one with a step. */
export function takenIds(graph: Graph): ReadonlySet<string> {
  return new Set([...idsOf(graph.nodes), ...idsOf(notesOf(graph))]);
}

export function idsOf(items: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(items.map((item) => item.id));
}
