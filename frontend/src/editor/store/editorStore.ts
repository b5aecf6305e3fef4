import { createStore, type StoreApi } from "zustand/vanilla";

import type { JsonObject, Problem } from "@/api/types";
import type { Catalog } from "@/graph/catalog";
import { applyChanges } from "@/graph/changes";
import type { Command, OutputPlace } from "@/graph/commands/command";
import { planCommand } from "@/graph/commands/plan";
import type { Refusal } from "@/graph/connecting";
import { EMPTY_HISTORY, type History, type HistoryMove, record, redo, undo } from "@/graph/history";
import { idsOf, takenIds } from "@/graph/queries";
import type { Graph, Position } from "@/graph/values";

import { createMotion, type MotionStore } from "./motion";
import { createView, type ViewStore } from "./view";
import type { ShownNumbers } from "../numbers/shownNumbers";
import type { GivenTest } from "../testing/given";
import type { Trace } from "./trace";

/** What the step picker is to do with the chosen step. */
export type PickerTask =
  | { readonly kind: "after"; readonly output: OutputPlace; readonly place?: Position }
  | { readonly kind: "edge"; readonly edgeId: string; readonly place?: Position }
  | { readonly kind: "free"; readonly place?: Position }
  | { readonly kind: "start" }
  | { readonly kind: "replace"; readonly nodeId: string };

export interface Picker {
  readonly task: PickerTask;
  /** Where it opens, in pixels of the window. */
  readonly at: Position;
}

/** What a right click was on. */
export type MenuTarget =
  | { readonly kind: "canvas" }
  | { readonly kind: "step"; readonly nodeId: string }
  | { readonly kind: "note" }
  | { readonly kind: "edge"; readonly edgeId: string }
  | { readonly kind: "selection" };

export interface OpenMenu {
  readonly target: MenuTarget;
  /** Where it opens, in pixels of the window. */
  readonly at: Position;
}

/** A wire that is drawn with the keys: from which output, to which of the steps it may reach. */
export interface KeyWire {
  readonly source: string;
  readonly sourceHandle: string;
  readonly candidates: readonly string[];
  readonly chosen: number;
}

/** Repeats of one gesture within this time are one step of undo. */
const GESTURE_PAUSE_MS = 1_200;

export interface EditorState {
  readonly catalog: Catalog;
  readonly readOnly: boolean;
  readonly graph: Graph;
  readonly history: History;
  readonly selectedNodes: ReadonlySet<string>;
  readonly selectedEdges: ReadonlySet<string>;
  /** The step whose panel is open. */
  readonly openNode: string | null;
  /** The note that is being written. */
  readonly editedNote: string | null;
  /** Steps that were just added: their empty fields are not called faults yet. */
  readonly freshNodes: ReadonlySet<string>;
  readonly picker: Picker | null;
  /** While a wire is pulled: why each step cannot be its target, or `null` where it can. */
  readonly targets: ReadonlyMap<string, Refusal | null> | null;
  readonly keyWire: KeyWire | null;
  readonly menu: OpenMenu | null;
  readonly overlay: "search" | "shortcuts" | "rehearsal" | null;
  /** Steps that fit the search on the canvas; `null` while nobody searches. */
  readonly found: ReadonlySet<string> | null;
  readonly motion: MotionStore;
  readonly view: ViewStore;
  readonly problems: readonly Problem[];
  /** What the last test began with. */
  readonly lastEvent: { readonly type: string; readonly data: JsonObject } | null;
  readonly trace: Trace | null;
  /** A run that the test is to show; `null` where it begins by itself. */
  readonly given: GivenTest | null;
  /** What came of the steps of the live workflow; `null` for one that never was. */
  readonly numbers: ShownNumbers | null;
  readonly gesture: { readonly name: string; readonly number: number; readonly at: number };
}

export type EditorStore = StoreApi<EditorState>;

const NOTHING: ReadonlySet<string> = new Set();

export function createEditorStore(
  initial: Pick<EditorState, "catalog" | "graph"> & Partial<EditorState>,
): EditorStore {
  return createStore<EditorState>(() => ({
    readOnly: false,
    history: EMPTY_HISTORY,
    selectedNodes: NOTHING,
    selectedEdges: NOTHING,
    openNode: null,
    editedNote: null,
    freshNodes: NOTHING,
    picker: null,
    targets: null,
    keyWire: null,
    menu: null,
    overlay: null,
    found: null,
    motion: createMotion(),
    view: createView(),
    lastEvent: null,
    problems: [],
    trace: null,
    given: null,
    numbers: null,
    gesture: { name: "", number: 0, at: 0 },
    ...initial,
  }));
}

/**
 * Does the command and writes it into the history.
 *
 * @param gestureName commands of the same name in quick succession are undone together
 */
export function perform(store: EditorStore, command: Command, gestureName?: string): void {
  const { readOnly, graph, catalog, history } = store.getState();
  if (readOnly) return;
  const changes = planCommand(graph, catalog, command);
  if (changes.length === 0) return;
  const gesture = gestureName === undefined ? null : continueGesture(store, gestureName);
  show(store, {
    graph: applyChanges(graph, changes),
    history: record(history, { name: command.kind, changes, gesture }),
  });
}

function continueGesture(store: EditorStore, name: string): string {
  const { gesture } = store.getState();
  const now = performance.now();
  const continues = gesture.name === name && now - gesture.at < GESTURE_PAUSE_MS;
  const number = continues ? gesture.number : gesture.number + 1;
  store.setState({ gesture: { name, number, at: now } });
  return `${name}#${number}`;
}

/** What cannot be seen any more cannot stay selected either. */
function show(store: EditorStore, next: Pick<EditorState, "graph" | "history">): void {
  const { selectedNodes, selectedEdges, openNode } = store.getState();
  const nodes = idsOf(next.graph.nodes);
  store.setState({
    ...next,
    selectedNodes: kept(selectedNodes, takenIds(next.graph)),
    selectedEdges: kept(selectedEdges, idsOf(next.graph.edges)),
    openNode: openNode !== null && nodes.has(openNode) ? openNode : null,
  });
}

function kept(selected: ReadonlySet<string>, existing: ReadonlySet<string>): ReadonlySet<string> {
  const rest = [...selected].filter((id) => existing.has(id));
  return rest.length === selected.size ? selected : new Set(rest);
}

export function takeBack(store: EditorStore): HistoryMove | null {
  return travel(store, undo);
}

export function doAgain(store: EditorStore): HistoryMove | null {
  return travel(store, redo);
}

function travel(
  store: EditorStore,
  move: (graph: Graph, history: History) => HistoryMove | null,
): HistoryMove | null {
  const { graph, history, gesture, readOnly } = store.getState();
  const moved = readOnly ? null : move(graph, history);
  if (moved === null) return null;
  store.setState({ gesture: { ...gesture, name: "" } });
  show(store, moved);
  return moved;
}

/** Another document in the place of this one, as when the server's is loaded. */
export function replaceGraph(store: EditorStore, graph: Graph): void {
  show(store, { graph, history: EMPTY_HISTORY });
}

export function select(
  store: EditorStore,
  nodes: Iterable<string>,
  edges: Iterable<string> = [],
): void {
  store.setState({ selectedNodes: new Set(nodes), selectedEdges: new Set(edges) });
}

export function openPanel(store: EditorStore, nodeId: string): void {
  store.setState({
    ...leaving(store),
    openNode: nodeId,
    selectedNodes: new Set([nodeId]),
    selectedEdges: NOTHING,
  });
}

export function closePanel(store: EditorStore): void {
  store.setState({ ...leaving(store), openNode: null });
}

/** A step whose panel was left is no longer new: what it lacks is now said. */
function leaving(store: EditorStore): Partial<EditorState> {
  const { openNode, freshNodes } = store.getState();
  if (openNode === null || !freshNodes.has(openNode)) return {};
  return { freshNodes: new Set([...freshNodes].filter((id) => id !== openNode)) };
}
