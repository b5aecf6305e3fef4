import { readGraphJson } from "@/graph/reading";
import { type Graph, isObject } from "@/graph/values";

import { livingTabs, nameThisTab, tabName } from "./thisTab";

/** A draft that the server has not got yet, kept in this browser. */
export interface KeptDraft {
  readonly graph: Graph;
  /** The revision on the server that it was made from. */
  readonly revision: number;
}

const keyOf = (workflowId: string): string => `cartwheel.draft.${workflowId}.`;

/** Each tab keeps its own, so that none drops what another could not save. */
const ownKey = (workflowId: string): string => keyOf(workflowId) + tabName();

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
 * This tab's, else one that a tab left which died and cannot save it: it is this one's from now on.
 * `null` when nothing is kept, or what is kept cannot be read.
 */
export async function keptDraft(workflowId: string): Promise<KeptDraft | null> {
  try {
    await nameThisTab();
    const own = ownKey(workflowId);
    const left = own in localStorage ? undefined : await draftOfTheDead(keyOf(workflowId));
    if (left !== undefined) {
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

async function draftOfTheDead(start: string): Promise<string | undefined> {
  const living = await livingTabs();
  return Object.keys(localStorage).find(
    (key) => key.startsWith(start) && !living.has(key.slice(start.length)),
  );
}
