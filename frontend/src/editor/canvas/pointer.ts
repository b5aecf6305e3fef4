import type { Position } from "@/graph/values";

/** Where the pointer is, in pixels of the window. */
export function pointOf(event: MouseEvent | TouchEvent): Position | null {
  const point = "clientX" in event ? event : event.changedTouches[0];
  return point ? { x: point.clientX, y: point.clientY } : null;
}

/** Whether the point lies on the empty canvas. */
export function isOverPane({ x, y }: Position): boolean {
  const element = document.elementFromPoint(x, y);
  return element !== null && element.closest(".react-flow__pane") !== null;
}

/** The edge under a point of the window, also where a card lies on top of it. */
export function edgeUnder({ x, y }: Position): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id =
      element.getAttribute("data-wire") ??
      element.closest(".react-flow__edge")?.getAttribute("data-id");
    if (id) return id;
  }
  return null;
}
