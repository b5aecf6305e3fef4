import fc from "fast-check";
import { expect, test } from "vitest";

import { COLUMN, overlaps } from "../geometry";
import { boxOf } from "../placing";
import { catalog, DELAY, edge, EMAIL, graphOf, IF, step, TRIGGER } from "../testing";
import { type Graph, type GraphEdge } from "../values";
import { risingFit } from "./heights";
import { layout } from ".";

function tidied(graph: Graph): Graph {
  const places = layout(graph, catalog);
  const nodes = graph.nodes.map((node) => ({ ...node, position: places.get(node.id)! }));
  return { ...graph, nodes };
}

function y(graph: Graph, id: string): number {
  return graph.nodes.find((node) => node.id === id)!.position.y;
}

test("a line of steps stays a straight line", () => {
  const graph = tidied(
    graphOf(
      [step("start", TRIGGER), step("mail", EMAIL), step("wait", DELAY)],
      [edge("start", "mail"), edge("mail", "wait")],
    ),
  );
  expect(graph.nodes.map((node) => node.position)).toEqual([
    { x: 0, y: 0 },
    { x: COLUMN, y: 0 },
    { x: 2 * COLUMN, y: 0 },
  ]);
});

test("the branches of a condition stand in the order of its outputs", () => {
  const graph = tidied(
    graphOf(
      [step("start", TRIGGER), step("check", IF), step("no", EMAIL), step("yes", EMAIL)],
      [edge("start", "check"), edge("check.otherwise", "no"), edge("check.then", "yes")],
    ),
  );
  expect(y(graph, "yes")).toBeLessThan(y(graph, "no"));
});

test("the trigger stays where it is", () => {
  const nodes = [step("start", TRIGGER, { position: { x: 320, y: 160 } }), step("mail", EMAIL)];
  const graph = tidied(graphOf(nodes, [edge("start", "mail")]));
  expect(graph.nodes[0]?.position).toEqual({ x: 320, y: 160 });
});

test("no two cards cover each other, whatever the graph", () => {
  const anyEdges = fc.array(
    fc.tuple(fc.nat(19), fc.nat(19), fc.constantFrom("then", "otherwise")),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), anyEdges, (count, pairs) => {
      const nodes = Array.from({ length: count }, (_, index) => step(`n${index}`, IF));
      const edges: GraphEdge[] = pairs
        .filter(([from, to]) => from < to && to < count)
        .map(([from, to, port], index) => ({
          ...edge(`n${from}.${port}`, `n${to}`),
          id: `e${index}`,
        }));
      const graph = tidied(graphOf(nodes, edges));
      const boxes = graph.nodes.map((node) => boxOf(graph, catalog, node));
      boxes.forEach((box, index) => {
        expect(boxes.slice(index + 1).some((other) => overlaps(box, other))).toBe(false);
      });
    }),
  );
});

test("a circle from elsewhere is laid out as well", () => {
  const graph = graphOf([step("a", DELAY), step("b", DELAY)], [edge("a", "b"), edge("b", "a")]);
  expect(layout(graph, catalog).size).toBe(2);
});

test("heights that already rise stay as they are, others meet in the middle", () => {
  expect(risingFit([1, 2, 5])).toEqual([1, 2, 5]);
  expect(risingFit([1, 4, 2])).toEqual([1, 3, 3]);
});
