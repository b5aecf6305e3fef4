import { expect, test } from "vitest";

import { defaultConfig } from "./catalog";
import { refusal, targetsFor } from "./connecting";
import { downstream, freeNodeId, openPorts, portsOf, upstream } from "./queries";
import { catalog, DELAY, edge, EMAIL, graphOf, IF, step, SWITCH, TRIGGER } from "./testing";
import { type Json } from "./values";

const graph = graphOf(
  [
    step("start", TRIGGER),
    step("check", IF),
    step("mail", EMAIL),
    step("wait", DELAY),
    step("alone", EMAIL),
  ],
  [edge("start", "check"), edge("check.then", "mail"), edge("check.otherwise", "wait")],
);

const wire = (source: string, sourceHandle: string, target: string) => ({
  source,
  sourceHandle,
  target,
  targetHandle: "in",
});

test("what runs before and after a step is found along the edges", () => {
  expect([...upstream(graph, "mail")].sort()).toEqual(["check", "start"]);
  expect([...downstream(graph, "check")].sort()).toEqual(["mail", "wait"]);
});

test("a cycle in a graph from elsewhere does not hang the search", () => {
  const circle = graphOf([step("a", DELAY), step("b", DELAY)], [edge("a", "b"), edge("b", "a")]);
  expect(upstream(circle, "a")).toEqual(new Set(["a", "b"]));
});

test("the cases of a switch are ports, in front of the fixed ones", () => {
  const cases: Json = [
    { id: "case_1", label: "Poland", value: "PL" },
    { id: "case_2", value: "DE" },
    { label: "no id" },
  ];
  const node = step("by_country", SWITCH, { config: { cases } });
  expect(portsOf(graphOf([node]), node, catalog.get(SWITCH))).toEqual([
    { id: "case_1", label: "Poland" },
    { id: "case_2", label: "DE" },
    { id: "otherwise", label: "Otherwise" },
  ]);
});

test("a step of an unknown type shows the outputs that its edges leave from", () => {
  const node = step("odd", "action.gone@7");
  const odd = graphOf([node, step("mail", EMAIL)], [edge("odd.maybe", "mail")]);
  expect(portsOf(odd, node, undefined)).toEqual([{ id: "maybe", label: "maybe" }]);
});

test("an output without an edge is open", () => {
  const node = graph.nodes[2]!;
  expect(openPorts(graph, node, catalog.get(EMAIL)).map((port) => port.id)).toEqual([
    "done",
    "error",
  ]);
});

test.each([
  ["a step and itself", wire("mail", "done", "mail"), "same_step"],
  ["a step and a trigger", wire("mail", "done", "start"), "into_trigger"],
  ["a step and one before it", wire("mail", "done", "check"), "cycle"],
  ["two steps that are connected already", wire("start", "done", "check"), "already_connected"],
  ["an output that the step does not have", wire("start", "then", "mail"), "unknown_port"],
  ["a step that is gone", wire("start", "done", "nobody"), "unknown_port"],
  ["two steps in order", wire("wait", "done", "mail"), null],
])("connecting %s gives its reason", (_name, connection, reason) => {
  expect(refusal(graph, catalog, connection)).toBe(reason);
});

test("every step is judged at once when a wire is pulled", () => {
  expect(Object.fromEntries(targetsFor(graph, catalog, "check", "then"))).toEqual({
    start: "into_trigger",
    check: "same_step",
    mail: "already_connected",
    wait: null,
    alone: null,
  });
});

test("a new id reads well in a text and is free", () => {
  expect(freeNodeId(new Set(), EMAIL)).toBe("send_email");
  expect(freeNodeId(new Set(["send_email", "send_email_2"]), EMAIL)).toBe("send_email_3");
});

test("a new step starts with the defaults of its schema", () => {
  expect(defaultConfig(catalog.get(DELAY)!)).toEqual({ unit: "days" });
});

test("the palette offers the newest version only", () => {
  const refs = catalog.latest().map((type) => type.ref);
  expect(refs).toContain("action.send_email@2");
  expect(refs).not.toContain(EMAIL);
});
