import { expect, test } from "vitest";

import { comparison } from "./comparing";
import { catalog, DELAY, edge, EMAIL, graphOf, step, TRIGGER } from "./testing";

const before = graphOf(
  [
    step("start", TRIGGER),
    step("wait", DELAY, { config: { amount: 3 }, position: { x: 400, y: 0 } }),
  ],
  [edge("start", "wait")],
);
const after = graphOf(
  [step("start", TRIGGER), step("mail", EMAIL, { position: { x: 400, y: 0 } })],
  [edge("start", "mail")],
);

test("both states stand in one drawing, and what came and went is marked", () => {
  const { graph, marks } = comparison(before, after, before, catalog);
  expect(graph.nodes.map(({ id }) => id)).toEqual(["start", "wait", "mail"]);
  expect(graph.edges.map(({ target }) => target)).toEqual(["wait", "mail"]);
  expect([...marks]).toEqual([
    ["mail", "added"],
    ["wait", "removed"],
  ]);
});

test("steps that would cover each other are laid out anew", () => {
  const { graph } = comparison(before, after, before, catalog);
  const places = new Set(graph.nodes.map(({ position }) => `${position.x},${position.y}`));
  expect(places.size).toBe(3);
});

test("two equal states have no marks and stay where they are", () => {
  const { graph, marks } = comparison(before, before, before, catalog);
  expect(graph.nodes).toEqual(before.nodes);
  expect(marks.size).toBe(0);
});
