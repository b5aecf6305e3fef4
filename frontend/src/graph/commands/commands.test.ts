import { expect, test } from "vitest";

import { applyChanges } from "../changes";
import { COLUMN } from "../geometry";
import { catalog, DELAY, edge, EMAIL, graphOf, IF, step, STOP, SWITCH, TRIGGER } from "../testing";
import { type Graph } from "../values";
import { type Command } from "./command";
import { planCommand } from "./plan";

const line = graphOf(
  [
    step("start", TRIGGER),
    step("mail", EMAIL, { position: { x: COLUMN, y: 0 } }),
    step("wait", DELAY, { position: { x: 2 * COLUMN, y: 0 } }),
  ],
  [edge("start", "mail"), edge("mail", "wait")],
);

function after(graph: Graph, command: Command): Graph {
  return applyChanges(graph, planCommand(graph, catalog, command));
}

function wires(graph: Graph): string[] {
  return graph.edges.map((item) => `${item.source}.${item.sourceHandle}>${item.target}`);
}

function place(graph: Graph, id: string) {
  return graph.nodes.find((node) => node.id === id)?.position;
}

test("a step added after another is wired and stands right of it", () => {
  const graph = after(line, {
    kind: "addAfter",
    node: step("more", EMAIL),
    after: { source: "wait", sourceHandle: "done" },
  });
  expect(wires(graph)).toContain("wait.done>more");
  expect(place(graph, "more")).toEqual({ x: 3 * COLUMN, y: 0 });
});

test("a second branch stands below the first, covering nothing", () => {
  const graph = after(line, {
    kind: "addAfter",
    node: step("more", EMAIL),
    after: { source: "mail", sourceHandle: "done" },
  });
  expect(place(graph, "more")?.x).toBe(2 * COLUMN);
  expect(place(graph, "more")?.y).toBeGreaterThan(72);
});

test("a trigger added after a step is not wired into it", () => {
  const graph = after(line, {
    kind: "addAfter",
    node: step("again", TRIGGER),
    after: { source: "wait", sourceHandle: "done" },
  });
  expect(wires(graph)).toEqual(wires(line));
});

test("a step inserted on an edge is wired both ways and pushes the rest right", () => {
  const graph = after(line, {
    kind: "insertOnEdge",
    node: step("more", DELAY),
    edgeId: "start-mail",
  });
  expect(wires(graph).sort()).toEqual(["mail.done>wait", "more.done>mail", "start.done>more"]);
  expect(["more", "mail", "wait"].map((id) => place(graph, id)?.x)).toEqual([
    COLUMN,
    2 * COLUMN,
    3 * COLUMN,
  ]);
});

test("a condition inserted on an edge goes on by its first branch", () => {
  const graph = after(line, {
    kind: "insertOnEdge",
    node: step("check", IF),
    edgeId: "start-mail",
  });
  expect(wires(graph)).toContain("check.then>mail");
});

test("an ending inserted on an edge leaves the rest unconnected", () => {
  const graph = after(line, { kind: "insertOnEdge", node: step("end", STOP), edgeId: "mail-wait" });
  expect(wires(graph)).toEqual(["start.done>mail", "mail.done>end"]);
});

test("a step dropped on an edge is spliced in where it was dropped", () => {
  const graph = after(graphOf([...line.nodes, step("loose", DELAY)], line.edges), {
    kind: "spliceNode",
    nodeId: "loose",
    edgeId: "start-mail",
    place: { x: 160, y: 160 },
  });
  expect(wires(graph)).toEqual(["start.done>loose", "mail.done>wait", "loose.done>mail"]);
  expect(place(graph, "loose")).toEqual({ x: 160, y: 160 });
});

test("a connection that would make a circle is not made", () => {
  const connection = { source: "wait", sourceHandle: "done", target: "mail", targetHandle: "in" };
  expect(planCommand(line, catalog, { kind: "connect", connections: [connection] })).toEqual([]);
});

test("an edge's end can be moved to another step", () => {
  const graph = after(line, {
    kind: "reconnect",
    edgeId: "start-mail",
    connection: { source: "start", sourceHandle: "done", target: "wait", targetHandle: "in" },
  });
  expect(wires(graph)).toEqual(["start.done>wait", "mail.done>wait"]);
});

test("deleting a step deletes the edges that hang on it", () => {
  const graph = after(line, { kind: "delete", nodeIds: ["mail"], edgeIds: [] });
  expect(graph.nodes.map((node) => node.id)).toEqual(["start", "wait"]);
  expect(graph.edges).toEqual([]);
});

test("removing a case cuts the edge that left from it", () => {
  const cases = [{ id: "a", label: "A" }];
  const graph = graphOf(
    [step("by", SWITCH, { config: { cases } }), step("mail", EMAIL)],
    [edge("by.a", "mail")],
  );
  const changed = after(graph, { kind: "setConfig", nodeId: "by", config: { cases: [] } });
  expect(changed.edges).toEqual([]);
});

test("an empty name gives a step its own name back", () => {
  const named = after(line, { kind: "rename", nodeId: "mail", label: " Thank you " });
  expect(named.nodes[1]).toMatchObject({ label: "Thank you" });
  expect(after(named, { kind: "rename", nodeId: "mail", label: "" })).toEqual(line);
});

test("a mixed selection is switched off, then on again", () => {
  const chosen: Command = { kind: "toggleDisabled", nodeIds: ["mail", "wait"] };
  const some = after(line, { kind: "toggleDisabled", nodeIds: ["mail"] });
  const none = after(some, chosen);
  expect(none.nodes.map((node) => node.disabled ?? false)).toEqual([false, true, true]);
  expect(after(none, chosen)).toEqual(line);
});

test("a step replaced by another keeps the wires that the new one has too", () => {
  const both = graphOf(
    [...line.nodes, step("end", STOP)],
    [...line.edges, edge("mail.error", "end")],
  );
  const graph = after(both, { kind: "replaceType", nodeId: "mail", type: DELAY, config: {} });
  expect(wires(graph)).toEqual(["start.done>mail", "mail.done>wait"]);
});

test("a command for a step that is gone changes nothing", () => {
  const command: Command = { kind: "setConfig", nodeId: "nobody", config: {} };
  expect(planCommand(line, catalog, command)).toEqual([]);
});

test("a step that branches, replaced by one that does not, goes on as before", () => {
  const graph = graphOf(
    [step("start", TRIGGER), step("check", IF), step("mail", EMAIL), step("end", STOP)],
    [edge("start", "check"), edge("check.then", "mail"), edge("check.otherwise", "end")],
  );
  const changed = after(graph, { kind: "replaceType", nodeId: "check", type: DELAY, config: {} });
  expect(wires(changed)).toEqual(["start.done>check", "check.done>mail"]);
});

test("a step's pin goes when the step goes, and only then", () => {
  const pin = { port: "done", output: { message_id: "m1" } };
  const pinned = after(line, { kind: "setPin", nodeId: "mail", pin });
  expect(pinned.settings).toEqual({ pins: { mail: pin } });
  const other = after(pinned, { kind: "delete", nodeIds: ["wait"], edgeIds: [] });
  expect(other.settings).toEqual(pinned.settings);
  expect(after(pinned, { kind: "delete", nodeIds: ["mail"], edgeIds: [] }).settings).toEqual({});
});

test("an empty description is none", () => {
  const described = after(line, { kind: "describe", nodeId: "mail", description: "Ask Ola" });
  expect(described.nodes[1]).toMatchObject({ description: "Ask Ola" });
  expect(after(described, { kind: "describe", nodeId: "mail", description: "" })).toEqual(line);
});
