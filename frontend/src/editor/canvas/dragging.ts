/** Steps under the pointer: where they go meanwhile, and what happens when they are let go. */
import type { NodeChange } from "@xyflow/react";

import { aligned } from "@/graph/aligning";
import { copySteps, fitClip, readClip } from "@/graph/clipboard";
import { notesOf } from "@/graph/notes";
import { idsOf } from "@/graph/queries";
import type { GraphNode, Position } from "@/graph/values";

import { type EditorStore, perform, select } from "../store/editorStore";
import { AT_REST, type Copies, movedTo } from "../store/motion";
import type { CanvasNode } from "./flowElements";
import { edgeUnder } from "./pointer";

/** With Alt held, copies are dragged off and the originals stay where they are. */
export function beginDrag(store: EditorStore, ids: readonly string[], wantsCopies: boolean): void {
  const { motion } = store.getState();
  motion.setState({ ...AT_REST, copies: wantsCopies ? copiesOf(store, ids) : null });
}

function copiesOf(store: EditorStore, ids: readonly string[]): Copies | null {
  const { graph, catalog } = store.getState();
  const clip = readClip(copySteps(graph, withSelected(store, ids)));
  if (typeof clip === "string") return null;
  const originals = clip.nodes.filter((node) => !catalog.isTrigger(node.type));
  const fitted = fitClip(graph, catalog, { ...clip, nodes: originals }, { x: 0, y: 0 });
  const idOf = new Map([
    ...originals.map(({ id }, index): [string, string] => [id, fitted.nodes[index]?.id ?? id]),
    ...clip.notes.map(({ id }, index): [string, string] => [id, fitted.notes[index]?.id ?? id]),
  ]);
  return fitted.nodes.length + fitted.notes.length === 0 ? null : { ...fitted, idOf };
}

/**
 * Follows the pointer; the first of the steps is put level with those that it passes. The whole
 * selection goes with it, also what React Flow does not know because it is out of sight.
 */
export function drag(store: EditorStore, changes: readonly NodeChange<CanvasNode>[]): void {
  const { motion } = store.getState();
  const moved = changes.flatMap((change) =>
    change.type === "position" && change.dragging && change.position
      ? [{ id: change.id, position: change.position }]
      : [],
  );
  const [leader] = moved;
  if (!leader) return;
  const { copies } = motion.getState();
  const origins = originsOf(store, withSelected(store, idsOf(moved)));
  const { position, ...guides } = alignedTo(store, leader, origins);
  const from = origins.get(leader.id) ?? position;
  const by = { x: position.x - from.x, y: position.y - from.y };
  const places = [...origins].map(([id, { x, y }]): [string, Position] => [
    copies?.idOf.get(id) ?? id,
    { x: x + by.x, y: y + by.y },
  ]);
  motion.setState({ ...movedTo(motion.getState(), new Map(places)), guides });
}

/** The dragged steps, and all that are selected with them. */
function withSelected(store: EditorStore, ids: Iterable<string>): ReadonlySet<string> {
  const { selectedNodes } = store.getState();
  const dragged = new Set(ids);
  const isSelection = [...dragged].some((id) => selectedNodes.has(id));
  return isSelection ? new Set([...dragged, ...selectedNodes]) : dragged;
}

function originsOf(store: EditorStore, ids: ReadonlySet<string>): ReadonlyMap<string, Position> {
  const { graph } = store.getState();
  const origins = new Map<string, Position>();
  for (const items of [graph.nodes, notesOf(graph)]) {
    for (const { id, position } of items) if (ids.has(id)) origins.set(id, position);
  }
  return origins;
}

function alignedTo(
  store: EditorStore,
  { id, position }: { readonly id: string; readonly position: Position },
  moved: ReadonlyMap<string, Position>,
) {
  const { nodes } = store.getState().graph;
  const isStep = nodes.some((step) => step.id === id);
  if (!isStep) return { position, upright: null, level: null };
  return aligned(position, placesOfOthers(nodes, moved));
}

/** Asked at each movement among all steps: no list is made of them. */
function* placesOfOthers(
  nodes: readonly GraphNode[],
  moved: ReadonlyMap<string, Position>,
): Generator<Position> {
  for (const { id, position } of nodes) if (!moved.has(id)) yield position;
}

/** Lights up the edge that a loose step would go into if it were let go here. */
export function hoverEdge(
  store: EditorStore,
  ids: readonly string[],
  point: Position | null,
): void {
  const { motion } = store.getState();
  const [id] = ids;
  const isAlone = withSelected(store, ids).size === 1;
  const canGoIn = isAlone && id !== undefined && isLoose(store, id);
  const dropEdge = canGoIn && point ? edgeUnder(point) : null;
  if (dropEdge !== motion.getState().dropEdge) motion.setState({ dropEdge });
}

/** One command for the whole gesture: copies, a step let go on an edge, or steps moved. */
export function endDrag(store: EditorStore): void {
  const { motion } = store.getState();
  const { moving, copies, dropEdge } = motion.getState();
  motion.setState(AT_REST, true);
  const [first] = moving;
  if (first === undefined) return;
  if (copies) return dropCopies(store, copies, moving);
  const [nodeId, place] = first;
  if (dropEdge !== null) perform(store, { kind: "spliceNode", nodeId, edgeId: dropEdge, place });
  else perform(store, { kind: "moveNodes", places: moving });
}

function dropCopies(
  store: EditorStore,
  copies: Copies,
  places: ReadonlyMap<string, Position>,
): void {
  const atPlace = <Item extends { readonly id: string; readonly position: Position }>(
    item: Item,
  ): Item => ({ ...item, position: places.get(item.id) ?? item.position });
  const nodes = copies.nodes.map(atPlace);
  const notes = copies.notes.map(atPlace);
  perform(store, { kind: "paste", nodes, edges: copies.edges, notes });
  select(store, [...idsOf(nodes), ...idsOf(notes)]);
}

function isLoose(store: EditorStore, nodeId: string): boolean {
  const { graph, catalog } = store.getState();
  const node = graph.nodes.find((step) => step.id === nodeId);
  if (!node || catalog.isTrigger(node.type)) return false;
  return !graph.edges.some((edge) => edge.source === nodeId || edge.target === nodeId);
}
