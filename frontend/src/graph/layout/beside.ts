/** Notes follow the steps that they lie at. */
import { type Catalog } from "../catalog";
import { snapped, type Box } from "../geometry";
import { type GraphNote, notesOf } from "../notes";
import { boxOf } from "../placing";
import { type Graph, type GraphNode, type Position } from "../values";

/** A note further from every step than this is about none of them. */
const NEAR = 480;

/** Where the notes go when steps move: each with the step that it lies nearest to. */
export function placesBeside(
  graph: Graph,
  catalog: Catalog,
  places: ReadonlyMap<string, Position>,
): ReadonlyMap<string, Position> {
  const boxes = graph.nodes.map((node) => ({ node, box: boxOf(graph, catalog, node) }));
  const moved = notesOf(graph).flatMap((note): [string, Position][] => {
    const node = nearest(note, boxes);
    const place = node && places.get(node.id);
    if (!node || !place) return [];
    const { x, y } = note.position;
    const to = { x: x + place.x - node.position.x, y: y + place.y - node.position.y };
    return [[note.id, snapped(to)]];
  });
  return new Map(moved);
}

function nearest(
  note: GraphNote,
  boxes: readonly { readonly node: GraphNode; readonly box: Box }[],
): GraphNode | null {
  let found: GraphNode | null = null;
  let least = NEAR;
  for (const { node, box } of boxes) {
    const gap = gapBetween({ ...note.position, width: note.width, height: note.height }, box);
    if (gap >= least) continue;
    [found, least] = [node, gap];
  }
  return found;
}

function gapBetween(one: Box, other: Box): number {
  const across = Math.max(one.x - other.x - other.width, other.x - one.x - one.width, 0);
  const down = Math.max(one.y - other.y - other.height, other.y - one.y - one.height, 0);
  return Math.hypot(across, down);
}
