import { useCallback } from "react";

import type { RehearsedRuns } from "@/api/rehearsal";
import type { JsonObject } from "@/api/types";
import type { Graph } from "@/graph/values";

import { useEditorStore } from "../store/EditorContext";

/** Closes the rehearsal and shows the draft's run of an event as a test would. */
export function useShowOnCanvas() {
  const store = useEditorStore();
  return useCallback(
    (name: string, { draft, scenario }: RehearsedRuns, graph: Graph) => {
      if (draft === null) return;
      const { event, ...rest } = scenario;
      const given = {
        name,
        event: { type: event.type ?? "", data: (event.data ?? {}) as JsonObject },
        around: rest,
        simulation: draft,
        graph,
      };
      store.setState({ given, overlay: null });
    },
    [store],
  );
}
