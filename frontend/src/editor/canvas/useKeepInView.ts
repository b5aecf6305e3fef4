import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";

import { useEditor } from "../store/EditorContext";

const MARGIN = 24;

/** Pans just as far as needed when the open step is hidden, by the panel or by the canvas's edge. */
export function useKeepInView(): void {
  const openNode = useEditor((state) => state.openNode);
  const { getNode, getViewport, setViewport } = useReactFlow();
  const flow = useStoreApi();
  // Another pane beside the canvas takes its room, too.
  const width = useStore((state) => state.width);
  useEffect(() => {
    if (openNode === null) return undefined;
    // The panel takes its room in this frame; the canvas knows its new size in the next one.
    const timer = setTimeout(() => {
      const node = getNode(openNode);
      if (!node) return;
      const { x, y, zoom } = getViewport();
      const { width, height } = flow.getState();
      const across = { from: node.position.x * zoom + x, size: (node.width ?? 0) * zoom };
      const down = { from: node.position.y * zoom + y, size: (node.height ?? 0) * zoom };
      const by = { x: shift(across, width), y: shift(down, height) };
      if (by.x === 0 && by.y === 0) return;
      void setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: 200 });
    }, 60);
    return () => clearTimeout(timer);
  }, [openNode, getNode, getViewport, setViewport, flow, width]);
}

function shift({ from, size }: { from: number; size: number }, room: number): number {
  const over = from + size + MARGIN - room;
  if (from < MARGIN) return MARGIN - from;
  return over > 0 ? -Math.min(over, from - MARGIN) : 0;
}
