import fc from "fast-check";
import { expect, test } from "vitest";

import { applyChanges, invertChanges } from "../changes";
import { fitClip, readClip, copySteps } from "../clipboard";
import { EMPTY_HISTORY, record, redo, undo } from "../history";
import { type GraphNote, NOTE_SIZE, notesOf } from "../notes";
import { freeNodeId, idsOf, takenIds } from "../queries";
import { catalog, DELAY, edge, EMAIL, graphOf, IF, step, STOP, SWITCH, TRIGGER } from "../testing";
import { type Graph, type GraphNode } from "../values";
import { type Command } from "./command";
import { planCommand } from "./plan";

const types = fc.constantFrom(IF, SWITCH, DELAY, EMAIL, STOP, TRIGGER, "action.gone@9");
const place = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.nat(2000) });

/** Numbers are turned into a command that fits the graph at hand, so that every command does something. */
interface Wish {
  readonly kind: Command["kind"];
  readonly one: number;
  readonly other: number;
  readonly type: string;
  readonly place: { readonly x: number; readonly y: number };
  readonly text: string;
}

const ORIGIN = { x: 0, y: 0 };
const ANY: Wish = { kind: "tidy", one: 0, other: 0, type: IF, place: ORIGIN, text: "" };

/** Every command there is: one that `commandsFor` does not make is refused by the types. */
const KINDS = Object.keys(commandsFor(graphOf([]), ANY)) as Command["kind"][];

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...KINDS),
  one: fc.nat(1000),
  other: fc.nat(1000),
  type: types,
  place,
  text: fc.string({ maxLength: 8 }),
});

function pick(items: readonly { id: string }[], number: number): string {
  return items[number % Math.max(items.length, 1)]?.id ?? "nobody";
}

function newNode(graph: Graph, { type, place: position }: Wish): GraphNode {
  return step(freeNodeId(takenIds(graph), type), type, { position });
}

function newNote(graph: Graph, { text, place: position }: Wish): GraphNote {
  const id = freeNodeId(takenIds(graph), "note");
  return { id, text, color: "yellow", position, ...NOTE_SIZE };
}

function commandFor(graph: Graph, wanted: Wish): Command {
  return commandsFor(graph, wanted)[wanted.kind]();
}

function commandsFor(graph: Graph, wanted: Wish): Record<Command["kind"], () => Command> {
  const { one, other, text } = wanted;
  const nodeId = pick(graph.nodes, one);
  const edgeId = pick(graph.edges, other);
  const noteId = pick(notesOf(graph), other);
  const ports = ["done", "then", "otherwise", "error", "a"];
  const connection = {
    source: nodeId,
    sourceHandle: ports[other % ports.length]!,
    target: pick(graph.nodes, other),
    targetHandle: "in",
  };
  return {
    addNode: () => ({ kind: "addNode", node: newNode(graph, wanted) }),
    addAfter: () => ({ kind: "addAfter", node: newNode(graph, wanted), after: connection }),
    insertOnEdge: () => ({ kind: "insertOnEdge", node: newNode(graph, wanted), edgeId }),
    spliceNode: () => ({ kind: "spliceNode", nodeId, edgeId, place: wanted.place }),
    connect: () => ({ kind: "connect", connections: [connection] }),
    reconnect: () => ({ kind: "reconnect", edgeId, connection }),
    disconnect: () => ({ kind: "disconnect", edgeIds: [edgeId] }),
    delete: () => ({ kind: "delete", nodeIds: [nodeId, noteId], edgeIds: [edgeId] }),
    moveNodes: () => ({
      kind: "moveNodes",
      places: new Map([nodeId, noteId].map((id) => [id, wanted.place])),
    }),
    addNote: () => ({ kind: "addNote", note: newNote(graph, wanted) }),
    changeNote: () => ({ kind: "changeNote", noteId, change: { text, color: "blue" } }),
    setConfig: () => ({ kind: "setConfig", nodeId, config: { cases: [{ id: "a", label: text }] } }),
    rename: () => ({ kind: "rename", nodeId, label: text }),
    describe: () => ({ kind: "describe", nodeId, description: text }),
    setPin: () => ({
      kind: "setPin",
      nodeId,
      pin: other % 3 === 0 ? null : { port: "done", output: text },
    }),
    toggleDisabled: () => ({ kind: "toggleDisabled", nodeIds: [nodeId, pick(graph.nodes, other)] }),
    paste: () => {
      const clip = readClip(copySteps(graph, new Set([nodeId, noteId])));
      const whole = { ...graph, notes: notesOf(graph) };
      const fitted = fitClip(graph, catalog, typeof clip === "string" ? whole : clip, wanted.place);
      return { kind: "paste", ...fitted };
    },
    replaceType: () => ({ kind: "replaceType", nodeId, type: wanted.type, config: { text } }),
    setSettings: () => ({ kind: "setSettings", settings: { channel: text } }),
    restore: () => ({ kind: "restore", graph: one % 2 === 0 ? START : { ...graph, edges: [] } }),
    tidy: () => ({ kind: "tidy" }),
  };
}

const START = graphOf(
  [step("start", TRIGGER), step("check", IF), step("mail", EMAIL)],
  [edge("start", "check"), edge("check.then", "mail")],
);

test("undo after do restores every document, for every command", () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 25 }), (wishes) => {
      let graph = START;
      for (const wanted of wishes) {
        const changes = planCommand(graph, catalog, commandFor(graph, wanted));
        const next = applyChanges(graph, changes);
        expect(applyChanges(next, invertChanges(changes))).toEqual(graph);
        graph = next;
      }
    }),
  );
});

test.each(KINDS)("%s is drawn so that it can change something", (kind) => {
  const note: GraphNote = { id: "note", text: "", color: "yellow", position: ORIGIN, ...NOTE_SIZE };
  const loose = [...START.nodes, step("stop", STOP, { position: { x: 8, y: 8 } })];
  const graph = { ...START, nodes: loose, notes: [note] };
  const numbers = [...Array(12).keys()];
  const wishes = numbers.flatMap((one) =>
    numbers.map((other): Wish => ({ ...ANY, kind, one, other, type: EMAIL, text: "words" })),
  );
  const effects = wishes.map((one) => planCommand(graph, catalog, commandFor(graph, one)).length);
  expect(Math.max(...effects)).toBeGreaterThan(0);
});

test("taking everything back and doing it again ends in the same documents", () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 25 }), (wishes) => {
      let graph = START;
      let history = EMPTY_HISTORY;
      for (const wanted of wishes) {
        const command = commandFor(graph, wanted);
        const changes = planCommand(graph, catalog, command);
        graph = applyChanges(graph, changes);
        const gesture = wanted.one % 3 === 0 ? "drag" : null;
        history = record(history, { name: command.kind, changes, gesture });
      }
      const last = graph;
      for (let move = undo(graph, history); move; move = undo(graph, history))
        ({ graph, history } = move);
      expect(graph).toEqual(START);
      for (let move = redo(graph, history); move; move = redo(graph, history))
        ({ graph, history } = move);
      expect(graph).toEqual(last);
    }),
  );
});

test("no command brings a circle or two steps of one id into a sound graph", () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 25 }), (wishes) => {
      let graph = START;
      for (const wanted of wishes) {
        graph = applyChanges(graph, planCommand(graph, catalog, commandFor(graph, wanted)));
      }
      expect(idsOf(graph.nodes).size).toBe(graph.nodes.length);
      expect(idsOf(graph.edges).size).toBe(graph.edges.length);
      expect(sortable(graph)).toBe(true);
    }),
  );
});

function sortable(graph: Graph): boolean {
  let left = new Set(graph.nodes.map((node) => node.id));
  for (;;) {
    const blocked = new Set(
      graph.edges.filter((item) => left.has(item.source)).map((item) => item.target),
    );
    const rest = new Set([...left].filter((id) => blocked.has(id)));
    if (rest.size === 0) return true;
    if (rest.size === left.size) return false;
    left = rest;
  }
}
