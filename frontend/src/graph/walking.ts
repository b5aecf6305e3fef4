/** Going from step to step with the arrow keys. */
import { type Catalog } from "./catalog";
import { HEADER_HEIGHT } from "./geometry";
import { incoming, nodeById, outgoing, portsOf } from "./queries";
import { type Graph, type GraphEdge, type GraphNode } from "./values";

export type Direction = "left" | "right" | "up" | "down";

/** A step is level with another when their heads are; from here on it is above or below. */
const LEVEL = HEADER_HEIGHT / 2;
/** One pixel to the side counts as two up or down, so that a column is walked before the next. */
const SIDEWAYS = 2;

/** The step next to this one: along the lines to the left and right, else by where it lies. */
export function neighbour(
  graph: Graph,
  catalog: Catalog,
  nodeId: string,
  direction: Direction,
): string | null {
  const node = nodeById(graph, nodeId);
  if (node === undefined) return graph.nodes[0]?.id ?? null;
  const along = alongEdges(graph, catalog, node, direction);
  return along ?? nearest(node, graph.nodes, direction);
}

function alongEdges(
  graph: Graph,
  catalog: Catalog,
  node: GraphNode,
  direction: Direction,
): string | null {
  if (direction === "left") return incoming(graph, node.id)[0]?.source ?? null;
  if (direction !== "right") return null;
  const ports = portsOf(graph, node, catalog.get(node.type)).map((port) => port.id);
  const rank = (edge: GraphEdge): number => ports.indexOf(edge.sourceHandle);
  const first = [...outgoing(graph, node.id)].sort((one, other) => rank(one) - rank(other))[0];
  return first?.target ?? null;
}

function nearest(
  from: GraphNode,
  nodes: readonly GraphNode[],
  direction: Direction,
): string | null {
  let best: { readonly id: string; readonly distance: number } | null = null;
  for (const { id, position } of nodes) {
    const x = position.x - from.position.x;
    const y = position.y - from.position.y;
    if (id === from.id || !liesTo(direction, x, y)) continue;
    const isVertical = direction === "up" || direction === "down";
    const distance = isVertical
      ? Math.abs(y) + SIDEWAYS * Math.abs(x)
      : Math.abs(x) + SIDEWAYS * Math.abs(y);
    if (best === null || distance < best.distance) best = { id, distance };
  }
  return best?.id ?? null;
}

function liesTo(direction: Direction, x: number, y: number): boolean {
  switch (direction) {
    case "left":
      return x < 0;
    case "right":
      return x > 0;
    case "up":
      return y < -LEVEL;
    case "down":
      return y > LEVEL;
  }
}
