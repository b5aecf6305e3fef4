import { expect, test } from "vitest";

import { cutToStep } from "./cutting";
import { carriedConfig } from "./carrying";
import { aligned } from "./aligning";
import { catalog, DELAY, edge, EMAIL, graphOf, IF, step, TRIGGER } from "./testing";

const graph = graphOf(
  [
    step("start", TRIGGER),
    step("check", IF, { disabled: true }),
    step("mail", EMAIL),
    step("wait", DELAY),
    step("alone", EMAIL),
  ],
  [edge("start", "check"), edge("check.otherwise", "mail"), edge("mail", "wait")],
);

test("a step alone is reached through everything before it, which is pinned", () => {
  const cut = cutToStep(graph, catalog, "mail", () => ({ port: "otherwise", output: { a: 1 } }));
  expect(cut?.nodes.map((node) => node.id)).toEqual(["start", "check", "mail"]);
  expect(cut?.edges.map((item) => `${item.source}.${item.sourceHandle}>${item.target}`)).toEqual([
    "start.done>check",
    "check.otherwise>mail",
  ]);
  expect(cut?.settings).toEqual({ pins: { check: { port: "otherwise", output: { a: 1 } } } });
  expect(cut?.nodes.some((node) => node.disabled)).toBe(false);
});

test("a step that hangs on no trigger cannot be tried out alone", () => {
  expect(cutToStep(graph, catalog, "alone", () => ({ port: "done", output: null }))).toBeNull();
});

test("a setting of the same name and kind is carried over to another type", () => {
  const type = catalog.get(DELAY)!;
  expect(carriedConfig({ amount: 3, unit: "hours", text: "Hi" }, type)).toEqual({
    amount: 3,
    unit: "hours",
  });
  expect(carriedConfig({ amount: "three" }, type)).toEqual({ unit: "days" });
});

test("a step dragged near the height of another one is put level with it", () => {
  const box = { x: 10, y: 100, width: 1, height: 1 };
  const found = aligned(box, [
    { ...box, x: 400, y: 104 },
    { ...box, x: 90, y: 300 },
  ]);
  expect(found).toEqual({ position: { x: 10, y: 104 }, upright: null, level: 104 });
});
