/** Finding room for a new step. */
import { type Catalog } from "./catalog";
import {
  cardSize,
  COLUMN,
  GRID,
  HEADER_HEIGHT,
  overlaps,
  portHeight,
  snapped,
  type Box,
} from "./geometry";
import { portsOf } from "./queries";
import { type Graph, type GraphNode, type Position } from "./values";

export function boxOf(graph: Graph, catalog: Catalog, node: GraphNode): Box {
  return { ...node.position, ...cardSize(portsOf(graph, node, catalog.get(node.type))) };
}

/** Right of the output that it will hang on, level with it, moved down until nothing is covered. */
export function placeAfter(
  graph: Graph,
  catalog: Catalog,
  source: GraphNode,
  sourceHandle: string,
  newcomer: GraphNode,
): Position {
  const ports = portsOf(graph, source, catalog.get(source.type));
  const level = source.position.y + portHeight(ports, sourceHandle) - HEADER_HEIGHT / 2;
  return freePlace(graph, catalog, newcomer, { x: source.position.x + COLUMN, y: level });
}

/** The wanted place, or the next one below it that covers no other card. */
export function freePlace(
  graph: Graph,
  catalog: Catalog,
  newcomer: GraphNode,
  wanted: Position,
): Position {
  const size = cardSize(portsOf(graph, newcomer, catalog.get(newcomer.type)));
  const boxes = graph.nodes.map((node) => boxOf(graph, catalog, node));
  let place = snapped(wanted);
  for (;;) {
    const covered = boxes.filter((box) => overlaps({ ...place, ...size }, box, GRID));
    if (covered.length === 0) return place;
    const below = Math.max(...covered.map((box) => box.y + box.height + 2 * GRID));
    place = { x: place.x, y: Math.ceil(below / GRID) * GRID };
  }
}

/** The place for the very first step, and for steps that hang on nothing. */
export function placeAtEnd(graph: Graph, catalog: Catalog, newcomer: GraphNode): Position {
  if (graph.nodes.length === 0) return { x: 0, y: 0 };
  const last = graph.nodes.reduce((far, node) => (node.position.x > far.position.x ? node : far));
  return freePlace(graph, catalog, newcomer, { x: last.position.x + COLUMN, y: last.position.y });
}
