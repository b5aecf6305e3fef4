import { expect, test } from "vitest";

import { COLUMN } from "./geometry";
import { catalog, edge, EMAIL, graphOf, IF, step, TRIGGER } from "./testing";
import { neighbour } from "./walking";

const graph = graphOf(
  [
    step("start", TRIGGER),
    step("check", IF, { position: { x: COLUMN, y: 0 } }),
    step("no", EMAIL, { position: { x: 2 * COLUMN, y: 160 } }),
    step("yes", EMAIL, { position: { x: 2 * COLUMN, y: 0 } }),
    step("loose", EMAIL, { position: { x: 0, y: 320 } }),
  ],
  [edge("start", "check"), edge("check.otherwise", "no"), edge("check.then", "yes")],
);

test.each([
  ["start", "right", "check"],
  ["check", "right", "yes"],
  ["check", "left", "start"],
  ["yes", "down", "no"],
  ["no", "up", "yes"],
  ["loose", "right", "check"],
  ["loose", "up", "start"],
  ["start", "left", null],
] as const)("from %s to the %s stands %s", (from, direction, expected) => {
  expect(neighbour(graph, catalog, from, direction)).toBe(expected);
});
