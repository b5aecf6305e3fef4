import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";

import { useEditor } from "../store/EditorContext";
import { useBoxOf } from "./fitting";

const MARGIN = 24;

/** Pans just as far as needed when the open step is hidden, by the panel or by the canvas's edge. */
export function useKeepInView(): void {
  const openNode = useEditor((state) => state.openNode);
  const { getViewport, setViewport } = useReactFlow();
  const boxOf = useBoxOf();
  const flow = useStoreApi();
  // Another pane beside the canvas takes its room, too.
  const width = useStore((state) => state.width);
  useEffect(() => {
    if (openNode === null) return undefined;
    // The panel takes its room in this frame; the canvas knows its new size in the next one.
    const timer = setTimeout(() => {
      const box = boxOf(openNode);
      if (!box) return;
      const { x, y, zoom } = getViewport();
      const { width, height } = flow.getState();
      const across = { from: box.x * zoom + x, size: box.width * zoom };
      const down = { from: box.y * zoom + y, size: box.height * zoom };
      const by = { x: shift(across, width), y: shift(down, height) };
      if (by.x === 0 && by.y === 0) return;
      void setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: 200 });
    }, 60);
    return () => clearTimeout(timer);
  }, [openNode, boxOf, getViewport, setViewport, flow, width]);
}

function shift({ from, size }: { from: number; size: number }, room: number): number {
  const over = from + size + MARGIN - room;
  if (from < MARGIN) return MARGIN - from;
  return over > 0 ? -Math.min(over, from - MARGIN) : 0;
}
