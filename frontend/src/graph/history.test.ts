import { expect, test } from "vitest";

import { planCommand } from "./commands/plan";
import { EMPTY_HISTORY, HISTORY_LIMIT, record, redo, undo, type History } from "./history";
import { catalog, EMAIL, graphOf, step } from "./testing";
import { applyChanges } from "./changes";
import { type Graph } from "./values";

const start = graphOf([step("mail", EMAIL)]);

function rename(graph: Graph, history: History, label: string, gesture: string | null) {
  const changes = planCommand(graph, catalog, { kind: "rename", nodeId: "mail", label });
  return {
    graph: applyChanges(graph, changes),
    history: record(history, { name: "rename", changes, gesture }),
  };
}

function renamedBy(texts: readonly string[], gesture: string | null) {
  return texts.reduce((state, text) => rename(state.graph, state.history, text, gesture), {
    graph: start,
    history: EMPTY_HISTORY,
  });
}

test("a burst of typing is one step of undo", () => {
  const { graph, history } = renamedBy(["T", "Th", "Tha"], "typing");
  expect(undo(graph, history)?.graph).toEqual(start);
});

test("without a gesture every command is a step of its own", () => {
  const { graph, history } = renamedBy(["T", "Th"], null);
  expect(undo(graph, history)?.graph.nodes[0]?.label).toBe("T");
});

test("far more than a hundred steps can be taken back", () => {
  const texts = Array.from({ length: HISTORY_LIMIT + 20 }, (_, index) => `Name ${index}`);
  expect(renamedBy(texts, null).history.past).toHaveLength(HISTORY_LIMIT);
  expect(HISTORY_LIMIT).toBeGreaterThanOrEqual(100);
});

test("something new forgets what had been taken back", () => {
  const two = renamedBy(["A", "B"], null);
  const back = undo(two.graph, two.history)!;
  const other = rename(back.graph, back.history, "C", null);
  expect(redo(other.graph, other.history)).toBeNull();
});

test("a command that changes nothing leaves no trace", () => {
  expect(record(EMPTY_HISTORY, { name: "tidy", changes: [], gesture: null })).toBe(EMPTY_HISTORY);
});
