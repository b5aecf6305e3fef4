import { expect, test } from "vitest";

import type { Box } from "@/graph/geometry";
import { edge } from "@/graph/testing";

import { foreseen, grown, sceneOf, shrunk, sightOf } from "./sight";

const PACE = { near: 500, atOnce: 2, moving: 7, ahead: 6, kept: 8 };
const NOTHING: ReadonlySet<string> = new Set();

/** A row of cards, `c0` to `c19`, 400 pixels apart, in a row, and a line from the first to the last. */
const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
const boxes = new Map(
  ids.map((id, index): [string, Box] => [id, { x: 400 * index, y: 0, width: 256, height: 72 }]),
);
const scene = sceneOf(boxes, []);
const view = (x: number): Box => ({ x, y: -400, width: 1_000, height: 800 });
const at = (x: number, of = scene) => sightOf(of, view(x), PACE, NOTHING);

function settled(drawn: ReadonlySet<string>, x: number): ReadonlySet<string> {
  const next = grown(drawn, at(x), PACE);
  return next === drawn ? drawn : settled(next, x);
}

test("what is seen is drawn at once, what is near a few with each frame", () => {
  const first = grown(NOTHING, at(0), PACE);
  expect([...first]).toEqual(["c0", "c1", "c2"]);
  expect([...grown(first, at(0), PACE)]).toEqual(["c0", "c1", "c2", "c3"]);
  expect(settled(first, 0)).toEqual(new Set(["c0", "c1", "c2", "c3"]));
});

test("a pan finds the next card drawn before it is seen, and takes none away", () => {
  const before = settled(NOTHING, 0);
  const after = settled(before, 400);
  expect([...at(400).seen].every((id) => before.has(id))).toBe(true);
  expect([...before].every((id) => after.has(id))).toBe(true);
});

test("at rest goes what is farthest away; what is held stays", () => {
  const drawn = new Set([...settled(NOTHING, 0), ...settled(NOTHING, 4_000)]);
  const held = sightOf(scene, view(4_000), PACE, new Set(["c1"]));
  const left = shrunk(drawn, held, PACE);
  expect(left.size).toBe(PACE.kept);
  expect(left.has("c1")).toBe(true);
  expect(left.has("c0")).toBe(false);
  expect(left.has("c10")).toBe(true);
  expect(shrunk(left, held, PACE)).toBe(left);
});

test("while nothing moves, what is nearest is drawn ahead, as far as there is room", () => {
  const before = settled(NOTHING, 0);
  const after = foreseen(before, at(0), PACE);
  expect([...after].filter((id) => !before.has(id))).toEqual(["c4", "c5"]);
  expect(foreseen(after, at(0), PACE)).toBe(after);
});

test("after a jump what is seen is all there is", () => {
  expect(grown(settled(NOTHING, 0), at(6_000), PACE)).toEqual(at(6_000).seen);
});

test("the ends of a line that crosses the view are drawn with it", () => {
  const lined = sceneOf(boxes, [edge("c0", "c19")]);
  expect(at(3_000, lined).seen).toEqual(new Set(["c7", "c8", "c9", "c0", "c19"]));
});
