/**
 * What moves while a gesture lasts, outside the graph: it changes with every frame, and only what
 * is drawn on the canvas listens to it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";

import type { Clip } from "@/graph/clipboard";
import type { Position } from "@/graph/values";

/** Steps that are dragged off as copies while the originals stay. */
export interface Copies extends Clip {
  /** The copy's id, by the id of its original. */
  readonly idOf: ReadonlyMap<string, string>;
}

export interface Motion {
  /** Where steps stand that are not where the graph has them. */
  readonly moving: ReadonlyMap<string, Position>;
  /** Their ids; the same set as long as the same steps move. */
  readonly movers: ReadonlySet<string>;
  readonly copies: Copies | null;
  /** Lines through the steps that the dragged one is level with. */
  readonly guides: { readonly upright: number | null; readonly level: number | null };
  /** The edge that the dragged step would go into. */
  readonly dropEdge: string | null;
}

export type MotionStore = StoreApi<Motion>;

export const AT_REST: Motion = {
  moving: new Map(),
  movers: new Set(),
  copies: null,
  guides: { upright: null, level: null },
  dropEdge: null,
};

/** Steps at these places, a moment later. */
export function movedTo(
  { movers }: Motion,
  moving: ReadonlyMap<string, Position>,
): Pick<Motion, "moving" | "movers"> {
  const isSame = movers.size === moving.size && [...moving.keys()].every((id) => movers.has(id));
  return { moving, movers: isSame ? movers : new Set(moving.keys()) };
}

export const createMotion = (): MotionStore => createStore<Motion>(() => AT_REST);
