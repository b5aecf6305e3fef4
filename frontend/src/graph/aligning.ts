/** Lines that show, while steps are dragged, with which others they are level. */
import { type Box } from "./geometry";
import { type Position } from "./values";

/** Nearer than this, in canvas pixels, a dragged step jumps onto the line. */
const CATCH = 6;

export interface Alignment {
  /** The place of the dragged box, on the lines where it caught one. */
  readonly position: Position;
  /** x of an upright line, y of a level one; `null` where the box is on none. */
  readonly upright: number | null;
  readonly level: number | null;
}

/** Left sides and tops are compared: cards are equally wide, and their heads equally high. */
export function aligned(dragged: Box, others: readonly Box[]): Alignment {
  const upright = closest(
    dragged.x,
    others.map((box) => box.x),
  );
  const level = closest(
    dragged.y,
    others.map((box) => box.y),
  );
  return { position: { x: upright ?? dragged.x, y: level ?? dragged.y }, upright, level };
}

function closest(value: number, candidates: readonly number[]): number | null {
  let best: number | null = null;
  for (const candidate of candidates) {
    const distance = Math.abs(candidate - value);
    if (distance <= CATCH && (best === null || distance < Math.abs(best - value))) best = candidate;
  }
  return best;
}
