import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";

import { openPanel } from "./store/editorStore";
import { useEditorStore } from "./store/EditorContext";

/** Brings a step into view and opens it. */
export function useShowStep(): (nodeId: string) => void {
  const store = useEditorStore();
  const { setCenter, getNode, getZoom } = useReactFlow();
  return useCallback(
    (nodeId) => {
      openPanel(store, nodeId);
      const node = getNode(nodeId);
      if (!node) return;
      const x = node.position.x + (node.width ?? 0) / 2;
      const y = node.position.y + (node.height ?? 0) / 2;
      void setCenter(x, y, { zoom: Math.max(getZoom(), 0.8), duration: 250 });
    },
    [store, setCenter, getNode, getZoom],
  );
}
