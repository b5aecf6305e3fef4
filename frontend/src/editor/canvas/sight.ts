/**
 * What of a large workflow is drawn: what is in sight and a rim around it. Drawing a card costs a
 * large part of a frame, so those of the rim are added a few with each frame, before they are seen.
 */
import { type Box, overlaps } from "@/graph/geometry";
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

/** What is seen must be drawn, what is near should be, what is kept may stay. */
export interface Sight {
  readonly seen: Ids;
  readonly near: Ids;
  readonly kept: Ids;
}

/** How wide the rims are, in canvas pixels, and how many cards a frame may add. */
export interface Pace {
  readonly near: number;
  readonly kept: number;
  readonly atOnce: number;
}

/** What is seen through a part of the canvas. `always` is drawn wherever it is. */
export function sightOf(scene: Scene, view: Box, { near, kept }: Pace, always: Ids): Sight {
  return {
    seen: new Set([...always, ...touching(scene, view, 0)]),
    near: touching(scene, view, near),
    kept: touching(scene, view, kept),
  };
}

/** The cards within, and both ends of every line that crosses it. */
function touching({ boxes, lines }: Scene, view: Box, margin: number): Ids {
  const found = new Set<string>();
  for (const [id, box] of boxes) if (overlaps(box, view, margin)) found.add(id);
  for (const { ends, box } of lines) {
    if (overlaps(box, view, margin)) found.add(ends[0]).add(ends[1]);
  }
  return found;
}

function around(one: Box, other: Box): Box {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** What the next frame draws while somebody moves; the same set once all that is near is there. */
export function grown(drawn: Ids, { seen, near, kept }: Sight, { atOnce }: Pace): Ids {
  const unseen = missing(seen, drawn);
  // After a jump, what is seen comes at once, and what was left goes.
  if (unseen.length > seen.size / 2) return new Set(seen);
  const added = [...unseen, ...missing(near, drawn)];
  // Gaps that show are filled faster.
  const most = atOnce + Math.ceil(unseen.length / 2);
  if (added.length > 0) return new Set([...drawn, ...added.slice(0, most)]);
  return drawn.size > kept.size + MOST_LEFT ? shrunk(drawn, { seen, near, kept }) : drawn;
}

/** More than these are not left for later, as when somebody zooms in. */
const MOST_LEFT = 200;

/** Without what is far from sight. Removing takes as long as adding, so it is done at rest. */
export function shrunk(drawn: Ids, { seen, kept }: Sight): Ids {
  const left = [...drawn].filter((id) => kept.has(id) || seen.has(id));
  return left.length === drawn.size ? drawn : new Set(left);
}

const missing = (wanted: Ids, there: Ids): string[] => [...wanted].filter((id) => !there.has(id));
