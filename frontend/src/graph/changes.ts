/**
 * The smallest changes to a graph. Each carries what was there before, so that turning it round is
 * exact: positions in the lists included.
 */
import { type GraphNote, notesOf } from "./notes";
import { type Graph, type GraphEdge, type GraphNode, type GraphSettings, without } from "./values";

interface ListChange<Name extends "nodes" | "edges" | "notes", Item> {
  readonly list: Name;
  readonly index: number;
  /** `null`: the item is inserted here. */
  readonly before: Item | null;
  /** `null`: the item is removed from here. */
  readonly after: Item | null;
}

interface SettingsChange {
  readonly list: "settings";
  readonly before: GraphSettings;
  readonly after: GraphSettings;
}

export type Change =
  | ListChange<"nodes", GraphNode>
  | ListChange<"edges", GraphEdge>
  | ListChange<"notes", GraphNote>
  | SettingsChange;

export function applyChanges(graph: Graph, changes: readonly Change[]): Graph {
  if (changes.length === 0) return graph;
  const nodes = copyIfTouched(graph.nodes, changes, "nodes");
  const edges = copyIfTouched(graph.edges, changes, "edges");
  const notes = copyIfTouched(notesOf(graph), changes, "notes");
  let settings = graph.settings;
  for (const change of changes) {
    if (change.list === "nodes") splice(nodes as GraphNode[], change);
    else if (change.list === "edges") splice(edges as GraphEdge[], change);
    else if (change.list === "notes") splice(notes as GraphNote[], change);
    else settings = change.after;
  }
  const changed = { ...graph, nodes, edges, settings };
  return notes.length === 0 ? without(changed, "notes") : { ...changed, notes };
}

function copyIfTouched<Item>(
  items: readonly Item[],
  changes: readonly Change[],
  list: Change["list"],
): readonly Item[] {
  return changes.some((change) => change.list === list) ? [...items] : items;
}

function splice<Item>(
  items: Item[],
  change: { readonly index: number; readonly before: Item | null; readonly after: Item | null },
): void {
  const removed = change.before === null ? 0 : 1;
  const added = change.after === null ? [] : [change.after];
  items.splice(change.index, removed, ...added);
}

/** What takes these changes back. */
export function invertChanges(changes: readonly Change[]): readonly Change[] {
  return changes
    .map((change): Change => ({ ...change, before: change.after, after: change.before }) as Change)
    .reverse();
}
