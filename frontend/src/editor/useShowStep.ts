import { useCallback } from "react";

import { useCentre } from "./canvas/fitting";
import { openPanel } from "./store/editorStore";
import { useEditorStore } from "./store/EditorContext";

const LEGIBLE_ZOOM = 0.8;

/** Brings a step into view and opens it. */
export function useShowStep(): (nodeId: string) => void {
  const store = useEditorStore();
  const centre = useCentre();
  return useCallback(
    (nodeId) => {
      openPanel(store, nodeId);
      centre(nodeId, 250, LEGIBLE_ZOOM);
    },
    [store, centre],
  );
}
