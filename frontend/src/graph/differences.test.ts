import { expect, test } from "vitest";

import { differencesOf, isNothing } from "./differences";
import type { Graph, GraphEdge, GraphNode, Json } from "./values";

function step(id: string, config: Record<string, Json> = {}): GraphNode {
  return { id, type: "flow.delay@1", config, position: { x: 0, y: 0 } };
}

function line(source: string, target: string): GraphEdge {
  return { id: `${source}-${target}`, source, sourceHandle: "done", target, targetHandle: "in" };
}

function drawing(nodes: GraphNode[], edges: GraphEdge[]): Graph {
  return { schema: 1, nodes, edges, settings: {} };
}

const live = drawing([step("a"), step("b", { amount: 3 }), step("c")], [line("a", "b")]);

test("a step put into a line is told as a step, not as lines", () => {
  const draft = drawing([...live.nodes, step("new")], [line("a", "new"), line("new", "b")]);
  expect(differencesOf(live, draft)).toMatchObject({
    added: [{ id: "new" }],
    drawn: [],
    erased: [],
  });
  expect(differencesOf(draft, live)).toMatchObject({
    removed: [{ id: "new" }],
    drawn: [],
    erased: [],
  });
});

test("a line that leads elsewhere is told as one that went and one that came", () => {
  const draft = drawing([...live.nodes], [line("a", "c")]);
  expect(differencesOf(live, draft)).toMatchObject({
    drawn: [{ target: "c" }],
    erased: [{ target: "b" }],
  });
});

test("a changed setting is named, and what only lies elsewhere is not", () => {
  const nodes = [step("a"), step("b", { amount: 5 }), { ...step("c"), position: { x: 9, y: 9 } }];
  const found = differencesOf(live, drawing(nodes, [...live.edges]));
  expect(found.changed).toMatchObject([{ after: { id: "b" }, settings: ["amount"] }]);
  const moved = { ...live, settings: { pins: { a: {} } }, nodes: [...live.nodes].reverse() };
  expect(isNothing(differencesOf(live, moved))).toBe(true);
});
