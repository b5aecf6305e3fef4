import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useLayoutEffect, useRef } from "react";

import type { Catalog } from "@/graph/catalog";
import type { Box } from "@/graph/geometry";
import { notesOf } from "@/graph/notes";
import { boxOf } from "@/graph/placing";
import type { Graph } from "@/graph/values";

import { useEditorStore } from "../store/EditorContext";

/** Everything is brought into view with some air around it, and never larger than life. */
const PADDING = 0.2;
const LARGEST = 1;
export const GLANCE_MS = 200;

/** The steps and notes with their places, by id. */
export function boxesOf(graph: Graph, catalog: Catalog): ReadonlyMap<string, Box> {
  const steps = graph.nodes.map((step): [string, Box] => [step.id, boxOf(graph, catalog, step)]);
  const notes = notesOf(graph).map((note): [string, Box] => [
    note.id,
    { ...note.position, ...note },
  ]);
  return new Map([...steps, ...notes]);
}

/** `null` where there is nothing. */
export function boundsOf(graph: Graph, catalog: Catalog, ids?: ReadonlySet<string>): Box | null {
  const boxes = [...boxesOf(graph, catalog)].filter(([id]) => ids?.has(id) ?? true);
  return boxes.length === 0 ? null : enclosing(boxes.map(([, box]) => box));
}

export function enclosing(boxes: readonly Box[]): Box {
  const sides = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y, width, height } of boxes) {
    sides.left = Math.min(sides.left, x);
    sides.top = Math.min(sides.top, y);
    sides.right = Math.max(sides.right, x + width);
    sides.bottom = Math.max(sides.bottom, y + height);
  }
  const { left, top, right, bottom } = sides;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Brings all, or these steps, into view. React Flow knows those only that are drawn. */
export function useFit(): (duration?: number, ids?: ReadonlySet<string>) => void {
  const store = useEditorStore();
  const flow = useStoreApi();
  const { setViewport } = useReactFlow();
  return useCallback(
    (duration = GLANCE_MS, ids) => {
      const { graph, catalog } = store.getState();
      const { width, height, minZoom } = flow.getState();
      const bounds = boundsOf(graph, catalog, ids);
      if (bounds === null || width === 0 || height === 0) return;
      const view = getViewportForBounds(bounds, width, height, minZoom, LARGEST, PADDING);
      void setViewport(view, { duration });
    },
    [store, flow, setViewport],
  );
}

/** Shows everything at first, unless a place was kept from the last time. */
export function useFitAtFirst(isKept: boolean): void {
  const fit = useFit();
  const isReady = useStore(({ panZoom, width, height }) => panZoom !== null && width * height > 0);
  const isDone = useRef(isKept);
  useLayoutEffect(() => {
    if (!isReady || isDone.current) return;
    isDone.current = true;
    fit(0);
  }, [isReady, fit]);
}

/** Where a step or note stands, drawn or not. */
export function useBoxOf(): (id: string) => Box | undefined {
  const store = useEditorStore();
  return useCallback(
    (id) => {
      const { graph, catalog } = store.getState();
      const step = graph.nodes.find((node) => node.id === id);
      if (step) return boxOf(graph, catalog, step);
      const note = notesOf(graph).find((one) => one.id === id);
      return note && { ...note.position, width: note.width, height: note.height };
    },
    [store],
  );
}

/** Brings a step into the middle, no smaller than `atLeast`. */
export function useCentre(): (id: string, duration: number, atLeast?: number) => void {
  const boxOfId = useBoxOf();
  const { setCenter, getZoom } = useReactFlow();
  return useCallback(
    (id, duration, atLeast = 0) => {
      const box = boxOfId(id);
      if (!box) return;
      const { x, y, width, height } = box;
      const zoom = Math.max(getZoom(), atLeast);
      void setCenter(x + width / 2, y + height / 2, { zoom, duration });
    },
    [boxOfId, setCenter, getZoom],
  );
}
