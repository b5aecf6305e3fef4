/**
 * What of a large workflow is drawn: what is in sight and a rim around it. Drawing a card costs a
 * large part of a frame, so those of the rim are added a few with each frame, before they are seen;
 * and while nothing moves, those that a pan would come to.
 */
import type { Box } from "@/graph/geometry";
import type { GraphEdge } from "@/graph/values";

type Ids = ReadonlySet<string>;
type Boxes = ReadonlyMap<string, Box>;

/** All that may be drawn, with its place on the canvas. */
export interface Scene {
  readonly boxes: Boxes;
  readonly lines: readonly Line[];
}

interface Line {
  readonly ends: readonly [string, string];
  readonly box: Box;
}

/** Worked out once for a graph, because a pan looks at all of it in every frame. */
export function sceneOf(boxes: Boxes, edges: readonly GraphEdge[]): Scene {
  const lines = edges.flatMap(({ source, target }): Line[] => {
    const [from, to] = [boxes.get(source), boxes.get(target)];
    return from && to ? [{ ends: [source, target], box: around(from, to) }] : [];
  });
  return { boxes, lines };
}

/** What is seen must be drawn, what is near should be. */
export interface Sight {
  readonly scene: Scene;
  readonly view: Box;
  readonly seen: Ids;
  readonly near: Ids;
}

export interface Pace {
  /** How wide the rim is, in pixels of the graph. */
  readonly near: number;
  /** How many cards a frame may add. */
  readonly atOnce: number;
  /** How many cards may be drawn while somebody moves, and others come in. */
  readonly moving: number;
  /** How many may be drawn while nothing moves, and how many may stay. */
  readonly ahead: number;
  readonly kept: number;
}

/**
 * What is seen through a part of the canvas: the cards within, and both ends of every line that
 * crosses it. `always` is drawn wherever it is.
 */
export function sightOf(scene: Scene, view: Box, { near: rim }: Pace, always: Ids): Sight {
  const seen = new Set(always);
  const near = new Set<string>();
  for (const [id, box] of scene.boxes) {
    const gap = gapTo(box, view);
    if (gap < rim) near.add(id);
    if (gap < 0) seen.add(id);
  }
  for (const { ends, box } of scene.lines) {
    const gap = gapTo(box, view);
    if (gap < rim) near.add(ends[0]).add(ends[1]);
    if (gap < 0) seen.add(ends[0]).add(ends[1]);
  }
  return { scene, view, seen, near };
}

/** How far a box is from being seen; less than 0 where it is. */
function gapTo(box: Box, view: Box): number {
  return Math.max(
    box.x - view.x - view.width,
    view.x - box.x - box.width,
    box.y - view.y - view.height,
    view.y - box.y - box.height,
  );
}

function around(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** What the next frame draws while somebody moves; the same set once all that is near is there. */
export function grown(drawn: Ids, sight: Sight, pace: Pace): Ids {
  const { seen, near } = sight;
  const unseen = missing(seen, drawn);
  // After a jump, what is seen comes at once, and what was left goes.
  if (unseen.length > seen.size / 2) return new Set(seen);
  const added = [...unseen, ...missing(near, drawn)];
  if (added.length === 0) return drawn;
  // Gaps that show are filled faster.
  const most = pace.atOnce + Math.ceil(unseen.length / 2);
  const left = without(drawn, sight, Math.min(drawn.size - pace.moving, MOST_LEFT * most));
  return new Set([...left, ...added.slice(0, most)]);
}

/** How many go for each that comes, while there are more than enough: what is drawn has its price whenever a card comes in. */
const MOST_LEFT = 1;

/** Without what is far from sight, at rest. */
export function shrunk(drawn: Ids, sight: Sight, { kept }: Pace): Ids {
  return without(drawn, sight, drawn.size - kept);
}

/** Without so many of those that are farthest away, and neither seen nor near. */
function without(drawn: Ids, sight: Sight, count: number): Ids {
  if (count <= 0) return drawn;
  const away = [...drawn].filter((id) => !sight.seen.has(id) && !sight.near.has(id));
  const gone = new Set(nearestFirst(away, sight).slice(-count));
  return gone.size === 0 ? drawn : new Set([...drawn].filter((id) => !gone.has(id)));
}

/** With those that a pan would come to first; the same set once there are enough. */
export function foreseen(drawn: Ids, sight: Sight, { ahead, atOnce }: Pace): Ids {
  const room = Math.min(atOnce, ahead - drawn.size);
  if (room <= 0) return drawn;
  const added = nearestFirst(missing(sight.scene.boxes.keys(), drawn), sight).slice(0, room);
  return added.length === 0 ? drawn : new Set([...drawn, ...added]);
}

function nearestFirst(ids: readonly string[], { scene, view }: Sight): string[] {
  const gap = new Map(
    ids.map((id) => {
      const box = scene.boxes.get(id);
      return [id, box ? gapTo(box, view) : Infinity];
    }),
  );
  return ids.toSorted((one, other) => (gap.get(one) ?? 0) - (gap.get(other) ?? 0));
}

const missing = (wanted: Iterable<string>, there: Ids): string[] =>
  [...wanted].filter((id) => !there.has(id));
