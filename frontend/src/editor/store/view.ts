/**
 * Where the canvas looks: it changes with every frame of a pan, and only what follows the view
 * listens to it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";

import type { Box } from "@/graph/geometry";

export interface View {
  /** Of the canvas's origin, in pixels of the screen. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** Of the canvas, in pixels of the screen; 0 before it has been laid out. */
  readonly width: number;
  readonly height: number;
}

export type ViewStore = StoreApi<View>;

export const createView = (): ViewStore =>
  createStore<View>(() => ({ x: 0, y: 0, zoom: 1, width: 0, height: 0 }));

/** What is seen, in pixels of the graph. */
export const seenThrough = ({ x, y, zoom, width, height }: View): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
});
