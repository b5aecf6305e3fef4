import { useStore } from "@xyflow/react";
import { type ReactNode, useMemo } from "react";
import { createPortal } from "react-dom";

/**
 * Draws in the canvas's own space, below everything else there. React Flow's `ViewportPortal` looks
 * for this place in the whole drawing whenever anything changes, which is every frame of a pan.
 */
export function OnCanvas({ children }: { children: ReactNode }) {
  const canvas = useStore((state) => state.domNode);
  const place = useMemo(() => canvas?.querySelector(".react-flow__viewport-portal"), [canvas]);
  return place ? createPortal(children, place) : null;
}
