import type { MouseEvent as ReactMouseEvent } from "react";
import { useMemo } from "react";

import { type EditorStore, type MenuTarget, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import type { CanvasNode, WireEdge } from "./flowElements";

type Click = MouseEvent | ReactMouseEvent;

/** A right click, or a long press on a touch screen, opens a menu about what is under it. */
export function useMenus() {
  const store = useEditorStore();
  return useMemo(
    () => ({
      onPaneContextMenu: (event: Click) => open(store, event, { kind: "canvas" }),
      onSelectionContextMenu: (event: Click) => open(store, event, { kind: "selection" }),
      onNodeContextMenu: (event: Click, node: CanvasNode) => {
        const { selectedNodes } = store.getState();
        const isOneOfMany = selectedNodes.size > 1 && selectedNodes.has(node.id);
        if (isOneOfMany) return open(store, event, { kind: "selection" });
        select(store, [node.id]);
        if (node.type === "note") return open(store, event, { kind: "note" });
        open(store, event, { kind: "step", nodeId: node.id });
      },
      onEdgeContextMenu: (event: Click, edge: WireEdge) => {
        select(store, [], [edge.id]);
        open(store, event, { kind: "edge", edgeId: edge.id });
      },
    }),
    [store],
  );
}

function open(store: EditorStore, event: Click, target: MenuTarget): void {
  event.preventDefault();
  const at = { x: event.clientX, y: event.clientY };
  store.setState({ menu: { target, at }, picker: null });
}
