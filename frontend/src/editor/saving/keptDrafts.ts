import { readGraphJson } from "@/graph/reading";
import { type Graph, isObject } from "@/graph/values";

/** A draft that the server has not got yet, kept in this browser. */
export interface KeptDraft {
  readonly graph: Graph;
  /** The revision on the server that it was made from. */
  readonly revision: number;
}

const keyOf = (workflowId: string): string => `cartwheel.draft.${workflowId}`;

/** Each tab keeps its own, so that none drops what another could not save; a reload stays the tab. */
function ownKey(workflowId: string): string {
  const tab = (sessionStorage["cartwheel.tab"] ??= String(Math.random())) as string;
  return `${keyOf(workflowId)}.${tab}`;
}

export function keepDraft(workflowId: string, draft: KeptDraft): void {
  try {
    localStorage.setItem(ownKey(workflowId), JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the server gets the draft all the same, only a crash would lose it.
  }
}

export function dropDraft(workflowId: string): void {
  try {
    localStorage.removeItem(ownKey(workflowId));
  } catch {
    // Where nothing can be stored there is nothing to remove.
  }
}

/**
 * This tab's, else one that another tab left, which is this one's from now on: a tab that died
 * cannot save it. `null` when nothing is kept, or what is kept cannot be read.
 */
export function keptDraft(workflowId: string): KeptDraft | null {
  try {
    const own = ownKey(workflowId);
    const left = Object.keys(localStorage).find((key) => key.startsWith(keyOf(workflowId)));
    if (!(own in localStorage) && left) {
      localStorage.setItem(own, localStorage.getItem(left) ?? "");
      localStorage.removeItem(left);
    }
    const value: unknown = JSON.parse(localStorage.getItem(own) ?? "null");
    if (!isObject(value) || typeof value.revision !== "number") return null;
    const graph = readGraphJson(value.graph);
    return graph && { graph, revision: value.revision };
  } catch {
    return null;
  }
}
