import { beforeEach, expect, test, vi } from "vitest";

import { catalog, edge, EMAIL, graphOf, step, TRIGGER } from "@/graph/testing";

import {
  closePanel,
  createEditorStore,
  doAgain,
  type EditorStore,
  openPanel,
  perform,
  select,
  takeBack,
} from "./editorStore";

const graph = graphOf([step("start", TRIGGER), step("mail", EMAIL)], [edge("start", "mail")]);
let store: EditorStore;

beforeEach(() => {
  vi.useRealTimers();
  store = createEditorStore({ catalog, graph });
});

const label = () => store.getState().graph.nodes[1]?.label;
const type = (text: string) =>
  perform(store, { kind: "rename", nodeId: "mail", label: text }, "typing");

test("quick typing is taken back at once, typing after a pause is not", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  type("T");
  type("Th");
  vi.advanceTimersByTime(5_000);
  type("Thank");
  takeBack(store);
  expect(label()).toBe("Th");
  takeBack(store);
  expect(label()).toBeUndefined();
});

test("typing after an undo is a gesture of its own", () => {
  type("A");
  takeBack(store);
  type("B");
  type("C");
  takeBack(store);
  expect(label()).toBeUndefined();
  doAgain(store);
  expect(label()).toBe("C");
});

test("what is deleted is neither selected nor open any more", () => {
  openPanel(store, "mail");
  select(store, ["start", "mail"], ["start-mail"]);
  perform(store, { kind: "delete", nodeIds: ["mail"], edgeIds: [] });
  const { selectedNodes, selectedEdges, openNode } = store.getState();
  expect([...selectedNodes]).toEqual(["start"]);
  expect(selectedEdges.size).toBe(0);
  expect(openNode).toBeNull();
});

test("a step stops being new when its panel is left", () => {
  store.setState({ freshNodes: new Set(["mail"]) });
  openPanel(store, "mail");
  expect(store.getState().freshNodes.has("mail")).toBe(true);
  closePanel(store);
  expect(store.getState().freshNodes.has("mail")).toBe(false);
});

test("a graph that is only read cannot be changed", () => {
  store.setState({ readOnly: true });
  type("A");
  expect(store.getState().graph).toBe(graph);
  expect(takeBack(store)).toBeNull();
});
