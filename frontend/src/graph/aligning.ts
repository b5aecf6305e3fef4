/** Lines that show, while steps are dragged, with which others they are level. */
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
export function aligned(dragged: Position, others: Iterable<Position>): Alignment {
  let upright: number | null = null;
  let level: number | null = null;
  for (const { x, y } of others) {
    upright = nearer(dragged.x, upright, x);
    level = nearer(dragged.y, level, y);
  }
  return { position: { x: upright ?? dragged.x, y: level ?? dragged.y }, upright, level };
}

function nearer(value: number, best: number | null, candidate: number): number | null {
  const distance = Math.abs(candidate - value);
  if (distance > CATCH) return best;
  return best === null || distance < Math.abs(best - value) ? candidate : best;
}
