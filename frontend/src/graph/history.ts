/** What was done and what was taken back, as one frozen value. */
import { applyChanges, invertChanges, type Change } from "./changes";
import { type Graph } from "./values";

export interface HistoryEntry {
  /** What the merchant did, as a key of the texts. */
  readonly name: string;
  readonly changes: readonly Change[];
  /** Entries of one gesture (a drag, a burst of typing) are undone together. */
  readonly gesture: string | null;
}

export interface History {
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
}

export interface HistoryMove {
  readonly graph: Graph;
  readonly history: History;
  readonly entry: HistoryEntry;
}

export const HISTORY_LIMIT = 300;

export const EMPTY_HISTORY: History = { past: [], future: [] };

/** Whatever had been taken back before is forgotten. */
export function record(history: History, entry: HistoryEntry): History {
  if (entry.changes.length === 0) return history;
  const last = history.past.at(-1);
  const past =
    last !== undefined && entry.gesture !== null && last.gesture === entry.gesture
      ? [...history.past.slice(0, -1), { ...last, changes: [...last.changes, ...entry.changes] }]
      : [...history.past, entry].slice(-HISTORY_LIMIT);
  return { past, future: [] };
}

/** `null` when there is nothing left to take back. */
export function undo(graph: Graph, history: History): HistoryMove | null {
  const entry = history.past.at(-1);
  if (entry === undefined) return null;
  return {
    graph: applyChanges(graph, invertChanges(entry.changes)),
    history: { past: history.past.slice(0, -1), future: [...history.future, entry] },
    entry,
  };
}

/** `null` when nothing had been taken back. */
export function redo(graph: Graph, history: History): HistoryMove | null {
  const entry = history.future.at(-1);
  if (entry === undefined) return null;
  return {
    graph: applyChanges(graph, entry.changes),
    // A finished gesture is not continued by what comes after a redo.
    history: {
      past: [...history.past, { ...entry, gesture: null }],
      future: history.future.slice(0, -1),
    },
    entry,
  };
}
