/** The order of the slots within their columns, so that few edges cross. */
import { grouped } from "../grouping";
import { type Link, type Slot } from "./layers";

const SWEEPS = 8;

/** Orders each column by the average place of its neighbours, to and fro, and keeps the best. */
export function untangle(
  columns: readonly (readonly Slot[])[],
  links: readonly Link[],
  portOrder: (link: Link) => number,
): readonly (readonly Slot[])[] {
  const before = grouped(links, (link) => link.target);
  const after = grouped(links, (link) => link.source);
  let current = columns.map((column) => [...column]);
  let best = current;
  let fewest = Infinity;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    current = sweep % 2 === 0 ? sweepForth(current, before, portOrder) : sweepBack(current, after);
    const crossings = countCrossings(current, after, portOrder);
    if (crossings < fewest) [fewest, best] = [crossings, current];
  }
  return best;
}

type Neighbours = ReadonlyMap<string, readonly Link[]>;

function sweepForth(
  columns: readonly Slot[][],
  before: Neighbours,
  portOrder: (link: Link) => number,
): Slot[][] {
  const places = new Map<string, number>();
  return columns.map((column) => {
    const sorted = sortBy(column, (slot) =>
      average(
        (before.get(slot.id) ?? []).map((link) => (places.get(link.source) ?? 0) + portOrder(link)),
      ),
    );
    sorted.forEach((slot, index) => places.set(slot.id, index));
    return sorted;
  });
}

function sweepBack(columns: readonly Slot[][], after: Neighbours): Slot[][] {
  const places = new Map<string, number>();
  const sorted = [...columns].reverse().map((column) => {
    const ordered = sortBy(column, (slot) =>
      average((after.get(slot.id) ?? []).map((link) => places.get(link.target) ?? 0)),
    );
    ordered.forEach((slot, index) => places.set(slot.id, index));
    return ordered;
  });
  return sorted.reverse();
}

/** Slots without neighbours keep their place. */
function sortBy(column: readonly Slot[], key: (slot: Slot) => number | null): Slot[] {
  return column
    .map((slot, index) => ({ slot, key: key(slot) ?? index, index }))
    .sort((one, other) => one.key - other.key || one.index - other.index)
    .map((item) => item.slot);
}

function average(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function countCrossings(
  columns: readonly (readonly Slot[])[],
  after: Neighbours,
  portOrder: (link: Link) => number,
): number {
  const places = new Map(
    columns.flatMap((column) => column.map((slot, index) => [slot.id, index])),
  );
  return columns.reduce((sum, column) => {
    const ends = column
      .flatMap((slot) => after.get(slot.id) ?? [])
      .map((link) => ({
        start: (places.get(link.source) ?? 0) + portOrder(link),
        end: places.get(link.target) ?? 0,
      }))
      .sort((one, other) => one.start - other.start || one.end - other.end)
      .map((link) => link.end);
    return sum + inversions(ends);
  }, 0);
}

/** Insertion into a sorted list: fine for columns of some hundred links. */
function inversions(ends: readonly number[]): number {
  const sorted: number[] = [];
  let count = 0;
  for (const end of ends) {
    let place = sorted.length;
    while (place > 0 && (sorted[place - 1] ?? 0) > end) place -= 1;
    count += sorted.length - place;
    sorted.splice(place, 0, end);
  }
  return count;
}
