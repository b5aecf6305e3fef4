/** Where somebody last looked at a workflow, kept in this browser. */
import type { Viewport } from "@xyflow/react";

import { isObject } from "@/graph/values";

const key = (workflowId: string): string => `cartwheel.view.${workflowId}`;

export function keepView(workflowId: string, { x, y, zoom }: Viewport): void {
  try {
    localStorage.setItem(key(workflowId), JSON.stringify({ x, y, zoom }));
  } catch {
    // A browser without storage shows the whole workflow next time.
  }
}

/** `null` when nothing is kept, or what is kept is no place on a canvas. */
export function keptView(workflowId: string): Viewport | null {
  try {
    const view: unknown = JSON.parse(localStorage.getItem(key(workflowId)) ?? "null");
    if (!isObject(view)) return null;
    const { x, y, zoom } = view;
    const isPlace = [x, y, zoom].every((number) => Number.isFinite(number));
    return isPlace ? { x: Number(x), y: Number(y), zoom: Number(zoom) } : null;
  } catch {
    return null;
  }
}
