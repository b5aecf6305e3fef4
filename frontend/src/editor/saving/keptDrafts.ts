import { readGraphJson } from "@/graph/reading";
import { type Graph, isObject } from "@/graph/values";

/** A draft that the server has not got yet, kept in this browser. */
export interface KeptDraft {
  readonly graph: Graph;
  /** The revision on the server that it was made from. */
  readonly revision: number;
}

const key = (workflowId: string): string => `cartwheel.draft.${workflowId}`;

export function keepDraft(workflowId: string, draft: KeptDraft): void {
  try {
    localStorage.setItem(key(workflowId), JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the server gets the draft all the same, only a crash would lose it.
  }
}

export function dropDraft(workflowId: string): void {
  try {
    localStorage.removeItem(key(workflowId));
  } catch {
    // Where nothing can be stored there is nothing to remove.
  }
}

/** `null` when nothing is kept, or what is kept cannot be read. */
export function keptDraft(workflowId: string): KeptDraft | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key(workflowId)) ?? "null");
    if (!isObject(value) || typeof value.revision !== "number") return null;
    const graph = readGraphJson(value.graph);
    return graph && { graph, revision: value.revision };
  } catch {
    return null;
  }
}
