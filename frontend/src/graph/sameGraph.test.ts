import { expect, test } from "vitest";

import { sameGraph } from "./sameGraph";
import { EMAIL, graphOf, step } from "./testing";

const graph = graphOf([step("mail", EMAIL, { config: { to: "a", tags: ["x", null] } })]);

test("graphs that say the same are the same, whatever the order of their keys", () => {
  const other = graphOf([step("mail", EMAIL, { config: { tags: ["x", null], to: "a" } })]);
  expect(sameGraph(graph, other)).toBe(true);
});

test.each([
  ["another value", { to: "b", tags: ["x", null] }],
  ["a key more", { to: "a", tags: ["x", null], more: 1 }],
  ["a shorter list", { to: "a", tags: ["x"] }],
  ["an object in the place of a list", { to: "a", tags: {} }],
])("%s makes them differ", (_name, config) => {
  expect(sameGraph(graph, graphOf([step("mail", EMAIL, { config })]))).toBe(false);
});
