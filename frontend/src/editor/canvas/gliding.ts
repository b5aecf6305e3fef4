/** Steps that go to their new places instead of jumping there. */
import type { Position } from "@/graph/values";

import { type EditorStore, perform } from "../store/editorStore";
import { AT_REST, movedTo } from "../store/motion";

const GLIDE_MS = 240;
/** More steps than these would stutter, and jump instead. */
const MOST_GLIDING = 150;

type Places = ReadonlyMap<string, Position>;

/** Tidies up; one step of undo. */
export function tidyUp(store: EditorStore): void {
  const from = placesIn(store);
  perform(store, { kind: "tidy" });
  const to = placesIn(store);
  const moved = [...to].filter(([id, place]) => !isSame(from.get(id), place));
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (moved.length > 0 && moved.length <= MOST_GLIDING && !isCalm) glide(store, from, moved);
}

const placesIn = (store: EditorStore): Places =>
  new Map(store.getState().graph.nodes.map(({ id, position }) => [id, position]));

const isSame = (one: Position | undefined, other: Position): boolean =>
  one?.x === other.x && one.y === other.y;

/** Ends by itself when somebody begins another gesture. */
function glide(
  store: EditorStore,
  from: Places,
  to: readonly (readonly [string, Position])[],
): void {
  const { motion } = store.getState();
  const began = performance.now();
  let shown: Places | null = null;
  const frame = (now: number): void => {
    if (shown !== null && motion.getState().moving !== shown) return;
    const part = Math.min(1, (now - began) / GLIDE_MS);
    if (part === 1) return motion.setState(AT_REST, true);
    const eased = 1 - (1 - part) ** 3;
    shown = new Map(to.map(([id, end]) => [id, between(from.get(id) ?? end, end, eased)]));
    motion.setState(movedTo(motion.getState(), shown));
    requestAnimationFrame(frame);
  };
  frame(began);
}

const between = (start: Position, end: Position, part: number): Position => ({
  x: start.x + (end.x - start.x) * part,
  y: start.y + (end.y - start.y) * part,
});
