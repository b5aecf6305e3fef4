import { useMemo } from "react";

import type { NodeType } from "@/graph/catalog";
import { triggerOf } from "@/graph/queries";

import type { PickerTask } from "../store/editorStore";
import { useEditor } from "../store/EditorContext";
import { searchTypes } from "./searchTypes";

/** The types that fit the search, and the task: nothing can be put before a trigger. */
export function useTypes(search: string, task: PickerTask): readonly NodeType[] {
  const catalog = useEditor((state) => state.catalog);
  const wanted = useWantedKind(task);
  return useMemo(() => {
    const fitting = catalog
      .latest()
      .filter(
        (type) => wanted === "all" || (type.category === "trigger") === (wanted === "trigger"),
      );
    return searchTypes(fitting, search);
  }, [catalog, wanted, search]);
}

function useWantedKind(task: PickerTask): "trigger" | "others" | "all" {
  return useEditor(({ graph, catalog }) => {
    const trigger = triggerOf(graph, catalog);
    if (task.kind === "start") return "trigger";
    if (task.kind === "replace") return trigger?.id === task.nodeId ? "trigger" : "others";
    if (task.kind === "free") return trigger === undefined ? "all" : "others";
    return "others";
  });
}

export function useChannel(): string | null {
  return useEditor(({ graph }) => {
    const { channel } = graph.settings;
    return typeof channel === "string" ? channel : null;
  });
}
