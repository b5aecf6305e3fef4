/** "Tidy up": columns from left to right, branches below each other, few crossings. */
import { type Catalog, type Port } from "../catalog";
import { cardSize, COLUMN, HEADER_HEIGHT, portHeight, ROW_GAP, snapped } from "../geometry";
import { grouped } from "../grouping";
import { portsOf } from "../queries";
import { type Graph, type GraphNode, type Position } from "../values";
import { heightsOf } from "./heights";
import { columnsOf, layersOf, type Link } from "./layers";

const BEND_ROOM = 48;
const PART_GAP = 96;

/** A place for every step. The first trigger stays where it is, so that the view does not jump. */
export function layout(graph: Graph, catalog: Catalog): ReadonlyMap<string, Position> {
  const places = new Map<string, Position>();
  let top = 0;
  for (const part of connectedParts(graph, catalog)) {
    const partPlaces = layoutPart(part, catalog);
    const highest = Math.min(...[...partPlaces.values()].map((place) => place.y));
    for (const [id, place] of partPlaces)
      places.set(id, { x: place.x, y: place.y - highest + top });
    top = bottomOf(part, catalog, places) + PART_GAP;
  }
  return anchored(graph, catalog, places);
}

/** Parts that no edge joins, those with a trigger first. */
function connectedParts(graph: Graph, catalog: Catalog): readonly Graph[] {
  const partOf = new Map<string, string>(graph.nodes.map((node) => [node.id, node.id]));
  const find = (id: string): string => {
    let root = id;
    for (let up = partOf.get(root); up !== undefined && up !== root; up = partOf.get(root))
      root = up;
    partOf.set(id, root);
    return root;
  };
  const edges = graph.edges.filter((edge) => partOf.has(edge.source) && partOf.has(edge.target));
  for (const edge of edges) partOf.set(find(edge.source), find(edge.target));
  const nodeGroups = grouped(graph.nodes, (node) => find(node.id));
  const edgeGroups = grouped(edges, (edge) => find(edge.source));
  const hasTrigger = (part: Graph): boolean =>
    part.nodes.some((node) => catalog.isTrigger(node.type));
  return [...nodeGroups]
    .map(([root, nodes]) => ({ ...graph, nodes, edges: edgeGroups.get(root) ?? [] }))
    .sort((one, other) => Number(hasTrigger(other)) - Number(hasTrigger(one)));
}

function layoutPart(part: Graph, catalog: Catalog): ReadonlyMap<string, Position> {
  const ports = new Map(
    part.nodes.map((node) => [node.id, portsOf(part, node, catalog.get(node.type))]),
  );
  const layers = layersOf(part, (link) => portRank(ports.get(link.source), link));
  const heights = heightsOf(layers, {
    room: (slot) => (slot.isBend ? BEND_ROOM : cardSize(ports.get(slot.id) ?? []).height + ROW_GAP),
    leaves: (link) => outputHeight(ports.get(link.source), link),
    enters: (link) => (ports.has(link.target) ? HEADER_HEIGHT / 2 : 0),
  });
  const columns = columnsOf(part);
  return new Map(
    part.nodes.map((node) => [
      node.id,
      { x: (columns.get(node.id) ?? 0) * COLUMN, y: heights.get(node.id) ?? 0 },
    ]),
  );
}

/** A fraction below one, so that the outputs of one step order its followers among themselves. */
function portRank(ports: readonly Port[] | undefined, link: Link): number {
  if (ports === undefined) return 0;
  const index = ports.findIndex((port) => port.id === link.sourceHandle);
  return index / (ports.length + 1);
}

function outputHeight(ports: readonly Port[] | undefined, link: Link): number {
  return ports === undefined ? 0 : portHeight(ports, link.sourceHandle);
}

function bottomOf(part: Graph, catalog: Catalog, places: ReadonlyMap<string, Position>): number {
  const bottom = (node: GraphNode): number =>
    (places.get(node.id)?.y ?? 0) + cardSize(portsOf(part, node, catalog.get(node.type))).height;
  return Math.max(...part.nodes.map(bottom));
}

function anchored(
  graph: Graph,
  catalog: Catalog,
  places: ReadonlyMap<string, Position>,
): ReadonlyMap<string, Position> {
  const anchor = graph.nodes.find((node) => catalog.isTrigger(node.type)) ?? graph.nodes[0];
  const now = anchor && places.get(anchor.id);
  if (anchor === undefined || now === undefined) return places;
  const shift = { x: anchor.position.x - now.x, y: anchor.position.y - now.y };
  return new Map(
    [...places].map(([id, place]) => [id, snapped({ x: place.x + shift.x, y: place.y + shift.y })]),
  );
}
