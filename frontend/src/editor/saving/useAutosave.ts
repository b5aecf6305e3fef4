import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Graph as WireGraph, Workflow } from "@/api/types";
import { saveDraft, workflowQuery } from "@/api/workflows";
import { sameGraph } from "@/graph/sameGraph";
import type { Graph } from "@/graph/values";
import { saveBeforeLeaving } from "@/ui/leaving";

import type { EditorStore } from "../store/editorStore";
import { Autosaver, type Revision } from "./Autosaver";
import type { KeptDraft } from "./keptDrafts";

/** The graph's values are the same on the wire; only their types are looser there. */
export const wireGraph = (graph: Graph): WireGraph => graph as unknown as WireGraph;

/**
 * Saves the editor's graph as it changes; problems come back with each save. `kept` is what this
 * browser could not save last time.
 */
export function useAutosave(
  store: EditorStore,
  workflow: Workflow,
  kept: KeptDraft | null,
): Autosaver {
  const client = useQueryClient();
  const [saver] = useState(() => {
    const { id, revision, graph } = workflow;
    return new Autosaver({
      workflowId: id,
      start: { revision, graph },
      save: async (draft, isLast) => {
        const answer = await send(id, draft, isLast);
        store.setState({ problems: answer.problems });
        client.setQueryData(
          workflowQuery(id).queryKey,
          (known) => known && savedAs(known, draft, answer),
        );
        return answer;
      },
    });
  });
  useEffect(() => {
    if (kept) takeUpKept(saver, store, workflow, kept);
    const stopListening = store.subscribe(({ graph }, before) => {
      if (graph !== before.graph) saver.change(graph);
    });
    const leave = (): void => saver.leave();
    const retry = (): void => saver.retry();
    const forget = saveBeforeLeaving(() => saver.flush());
    window.addEventListener("pagehide", leave);
    window.addEventListener("online", retry);
    return () => {
      stopListening();
      forget();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("online", retry);
      saver.leave();
    };
    // The workflow that the editor was opened with; later versions of it are our own saves.
  }, [saver, store]);
  return saver;
}

const send = (id: string, { graph, revision }: Revision, isLast: boolean) =>
  saveDraft(id, { graph: wireGraph(graph), revision }, isLast);

function savedAs(
  known: Workflow,
  { graph }: Revision,
  answer: Awaited<ReturnType<typeof saveDraft>>,
): Workflow {
  return {
    ...known,
    graph: wireGraph(graph),
    revision: answer.revision,
    problem_list: answer.problems,
    has_changes: true,
  };
}

/** A draft kept from last time is saved now, unless the server's moved on in between. */
function takeUpKept(
  saver: Autosaver,
  store: EditorStore,
  workflow: Workflow,
  kept: KeptDraft,
): void {
  const { revision, graph } = workflow;
  const theirs = { revision, graph };
  const mine = store.getState().graph;
  saver.change(mine);
  if (sameGraph(mine, graph)) saver.takeTheirs(theirs);
  else if (kept.revision !== revision) saver.conflict(theirs);
}
