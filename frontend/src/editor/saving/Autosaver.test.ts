// @vitest-environment jsdom

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem } from "@/api/problem";
import { EMPTY_GRAPH, type Graph } from "@/graph/values";

import { Autosaver, type Revision } from "./Autosaver";
import { keptDraft } from "./keptDrafts";

const named = (name: string): Graph => ({ ...EMPTY_GRAPH, settings: { name } });

let sent: Revision[] = [];
let answer: () => Promise<{ revision: number }>;
let saver: Autosaver;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sent = [];
  answer = () => Promise.resolve({ revision: sent.length + 1 });
  saver = new Autosaver({
    workflowId: "w1",
    start: { graph: EMPTY_GRAPH, revision: 1 },
    save: (draft) => {
      sent.push(draft);
      return answer();
    },
  });
});

afterEach(() => {
  saver.stop();
  vi.useRealTimers();
});

const kind = () => saver.state.getState().kind;

test("a burst of changes is saved once, after the pause", async () => {
  saver.change(named("a"));
  saver.change(named("b"));
  expect(kind()).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(800);
  expect(sent).toEqual([{ graph: named("b"), revision: 1 }]);
  expect(kind()).toBe("saved");
});

test("work without a pause is saved within two seconds", async () => {
  for (let tick = 0; tick < 6; tick += 1) {
    saver.change(named(String(tick)));
    await vi.advanceTimersByTimeAsync(400);
  }
  expect(sent.length).toBeGreaterThan(0);
});

test("each save builds on the revision of the one before", async () => {
  saver.change(named("a"));
  await saver.flush();
  saver.change(named("b"));
  await saver.flush();
  expect(sent.map((draft) => draft.revision)).toEqual([1, 2]);
});

test("a change made while another is saved goes after it", async () => {
  saver.change(named("a"));
  const first = saver.flush();
  saver.change(named("b"));
  await first;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent.map((draft) => draft.graph)).toEqual([named("a"), named("b")]);
});

test("what the server has not got is kept in the browser, and dropped when it has", async () => {
  saver.change(named("a"));
  expect(await keptDraft("w1")).toEqual({ graph: named("a"), revision: 1 });
  await saver.flush();
  expect(await keptDraft("w1")).toBeNull();
});

test("without a server it is tried again until it works", async () => {
  answer = () => Promise.reject(new ApiProblem(0, "unreachable", ""));
  saver.change(named("a"));
  await saver.flush();
  expect(kind()).toBe("offline");
  answer = () => Promise.resolve({ revision: 2 });
  await vi.advanceTimersByTimeAsync(2_500);
  expect(kind()).toBe("saved");
  expect(sent).toHaveLength(2);
});

test("another's draft is never overwritten", async () => {
  const theirs = { revision: 5, graph: named("theirs") };
  answer = () => Promise.reject(new ApiProblem(409, "stale", "", theirs as never));
  saver.change(named("mine"));
  await saver.flush();
  expect(saver.state.getState()).toEqual({ kind: "conflict", theirs });
  saver.change(named("more of mine"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect((await keptDraft("w1"))?.graph).toEqual(named("more of mine"));
});

test("after taking theirs, work goes on from their revision", async () => {
  const theirs = { revision: 5, graph: named("theirs") };
  saver.conflict(theirs);
  saver.takeTheirs(theirs);
  saver.change(named("next"));
  await saver.flush();
  expect(sent).toEqual([{ graph: named("next"), revision: 5 }]);
});

test("a draft that the server refuses is said to be refused, not tried for ever", async () => {
  answer = () => Promise.reject(new ApiProblem(413, "too_large", "This workflow is too large."));
  saver.change(named("a"));
  await saver.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(kind()).toBe("refused");
  expect(sent).toHaveLength(1);
});

test("our own farewell that arrived after all is no conflict", async () => {
  const ours = { revision: 2, graph: named("mine") };
  answer = () => Promise.reject(new ApiProblem(409, "stale", "", ours as never));
  saver.change(named("mine"));
  await saver.flush();
  expect(kind()).toBe("saved");
  expect(saver.revision).toBe(2);
});
