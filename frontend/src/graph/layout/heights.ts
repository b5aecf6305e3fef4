/** The second half of the layout: how high each slot stands in its column. */
import { grouped } from "../grouping";
import { type Layers, type Link, type Slot } from "./layers";

export interface Measures {
  /** Height of a slot with the room below it, in pixels. */
  readonly room: (slot: Slot) => number;
  /** Where a link leaves its source and enters its target, from the top of each. */
  readonly leaves: (link: Link) => number;
  readonly enters: (link: Link) => number;
}

const PASSES = 6;

/** Draws neighbours level with each other, as far as the columns leave room. */
export function heightsOf(layers: Layers, measures: Measures): ReadonlyMap<string, number> {
  const before = grouped(layers.links, (link) => link.target);
  const after = grouped(layers.links, (link) => link.source);
  const heights = new Map<string, number>();
  const drift = (link: Link): number => measures.leaves(link) - measures.enters(link);
  const fromLeft = (slot: Slot): number[] =>
    (before.get(slot.id) ?? []).map((link) => (heights.get(link.source) ?? 0) + drift(link));
  const fromRight = (slot: Slot): number[] =>
    (after.get(slot.id) ?? []).map((link) => (heights.get(link.target) ?? 0) - drift(link));
  for (const column of layers.columns) settle(column, fromLeft, heights, measures.room);
  for (let pass = 0; pass < PASSES; pass += 1) {
    const both = (slot: Slot): number[] => [...fromLeft(slot), ...fromRight(slot)];
    const columns = pass % 2 === 0 ? [...layers.columns].reverse() : layers.columns;
    for (const column of columns) settle(column, both, heights, measures.room);
  }
  for (const column of layers.columns) settle(column, fromLeft, heights, measures.room);
  return heights;
}

/**
 * The heights nearest to what each slot wants, in the order of the column and without overlap.
 * With the room above taken off, this is a regression to a rising line (pool adjacent violators).
 */
function settle(
  column: readonly Slot[],
  wishes: (slot: Slot) => readonly number[],
  heights: Map<string, number>,
  room: (slot: Slot) => number,
): void {
  const tops: number[] = [];
  let top = 0;
  for (const slot of column) {
    tops.push(top);
    top += room(slot);
  }
  const wanted = column.map((slot, index) => {
    const wishList = wishes(slot);
    const wish =
      wishList.length === 0 ? (heights.get(slot.id) ?? tops[index] ?? 0) : mean(wishList);
    return wish - (tops[index] ?? 0);
  });
  const fitted = risingFit(wanted);
  column.forEach((slot, index) => heights.set(slot.id, (fitted[index] ?? 0) + (tops[index] ?? 0)));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The rising sequence with the least squared distance to `wanted`. */
export function risingFit(wanted: readonly number[]): readonly number[] {
  const pools: { sum: number; size: number }[] = [];
  for (const value of wanted) {
    let pool = { sum: value, size: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.size > pool.sum / pool.size;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, size: last.size + pool.size };
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => Array.from({ length: pool.size }, () => pool.sum / pool.size));
}
