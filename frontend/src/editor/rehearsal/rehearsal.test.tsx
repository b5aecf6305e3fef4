import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { Rehearsal, RehearsedEvent } from "@/api/rehearsal";
import { Catalog } from "@/graph/catalog";
import { EMPTY_GRAPH, type Graph } from "@/graph/values";
import { i18n, startTexts } from "@/i18n";
import { pretendServer } from "@/test/server";
import { formatsOf } from "@/ui/formats";

import { NODE_TYPES } from "../fixtures";
import { Autosaver } from "../saving/Autosaver";
import { createEditorStore } from "../store/editorStore";
import { kindsOf, tallyOf } from "./kinds";
import { pairsOf } from "./pairs";
import { phrasesOf } from "./phrases";
import { Rehearser } from "./rehearser";
import { whichEvents } from "./scopes";

beforeAll(() => startTexts());
beforeEach(() => localStorage.clear());

const AT = "2026-11-20T10:00:00Z";
const LATER = "2026-11-22T10:00:00Z";
const END = {
  ...{ starts: true, counts_as: null, status: "succeeded" as const, ended_at: AT },
  ...{ stop_label: null, error: null, stopped: null },
};
const NONE = { ...END, starts: false, status: null, ended_at: null };
const MESSAGE = {
  ...{ node_id: "sms", iteration: "", at: AT, channel: "sms", to: "+48600100200" },
  ...{ subject: null, text: "Hi", html: null },
};
const STEP = { status: "succeeded" as const, port: "done", words: null, error: null };

function event(more: Partial<RehearsedEvent>): RehearsedEvent {
  return {
    ...{ id: "e1", type: "order_created", received_at: AT, label: "Order #1", contact: null },
    ...{ live: END, draft: END, steps: [], messages: [], requests: [], omitted: 0 },
    ...more,
  };
}

const catalog = new Catalog(NODE_TYPES);
const graph: Graph = {
  ...EMPTY_GRAPH,
  nodes: [
    { id: "check", type: "condition.if@1", config: {}, position: { x: 0, y: 0 } },
    { id: "sms", type: "action.send_sms@1", config: {}, position: { x: 0, y: 0 } },
  ],
};

function words(of: RehearsedEvent): readonly string[] {
  const drawn = { graph, catalog, unknown: "Unknown step" };
  return phrasesOf(of, {
    ...{ live: drawn, draft: drawn, formats: formatsOf("en", "UTC") },
    t: i18n.getFixedT("en", "rehearsal"),
    statusName: (status) => status,
    channelName: () => "SMS",
  });
}

const OTHER_WAY = { node_id: "check", iteration: "" };

describe("what differs for one event", () => {
  it.each<[string, Partial<RehearsedEvent>, readonly string[], readonly string[]]>([
    ["no start", { draft: NONE }, ["startsNot"], ["Would not start any more"]],
    ["a start", { live: NONE }, ["starts"], ["Would start"]],
    [
      "another way out",
      {
        steps: [
          {
            ...OTHER_WAY,
            live: { ...STEP, port: "then" },
            draft: { ...STEP, port: "otherwise" },
          },
        ],
      },
      ["path"],
      ["“If” would go on by “Otherwise” instead of “Then”"],
    ],
    [
      "another text",
      { messages: [{ live: MESSAGE, draft: { ...MESSAGE, text: "Hello" } }] },
      ["messages"],
      ["Another text in the message to +48600100200 (SMS)"],
    ],
    [
      "a later message",
      { messages: [{ live: MESSAGE, draft: { ...MESSAGE, at: LATER } }] },
      ["timing"],
      ["Would send 2 days later"],
    ],
    [
      "an earlier end",
      { live: { ...END, ended_at: LATER } },
      ["timing"],
      ["Would be done 2 days sooner"],
    ],
    [
      "a step that is left out, with its message",
      {
        steps: [{ node_id: "sms", iteration: "", live: STEP, draft: null }],
        messages: [{ live: MESSAGE, draft: null }],
      },
      ["path", "messages"],
      ["Would leave out “Send SMS”"],
    ],
  ])("%s", (_, more, kinds, said) => {
    expect(kindsOf(event(more))).toEqual(kinds);
    expect(words(event(more))).toEqual(said);
  });

  it("is counted by kind", () => {
    const tally = tallyOf([event({ draft: NONE }), event({ live: NONE }), event({ draft: NONE })]);
    expect([...tally]).toEqual([
      ["startsNot", 2],
      ["starts", 1],
    ]);
  });

  it("sets what left from the same step side by side", () => {
    const second = { ...MESSAGE, text: "Second" };
    const mail = { ...MESSAGE, node_id: "mail" };
    expect(pairsOf([MESSAGE], [MESSAGE, second, mail])).toEqual([
      { live: MESSAGE, draft: MESSAGE },
      { live: null, draft: second },
      { live: null, draft: mail },
    ]);
  });
});

it("asks for days as a time, and for the last so many as a number", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  expect(whichEvents("days-7", now)).toEqual({ since: "2026-11-15T10:00:00.000Z" });
  expect(whichEvents("last-200", now)).toEqual({ last: 200 });
});

describe("a rehearsal", () => {
  const page = (more: Partial<Rehearsal>): Rehearsal => ({
    ...{ items: [], next: null, compared: 1, total: 2, live_version: 3, revision: 1 },
    ...more,
  });

  function rehearser(pages: Rehearsal[]) {
    const asked = pretendServer({
      "POST /api/workflows/w1/rehearse": () => ({ body: pages.shift() }),
    });
    const store = createEditorStore({ catalog, graph });
    const saver = new Autosaver({
      workflowId: "w1",
      start: { revision: 1, graph },
      save: () => Promise.reject(new Error("nothing to save")),
    });
    return { asked, saver, rehearser: new Rehearser(store, saver, "w1") };
  }

  it("asks for page after page and adds up what they tell", async () => {
    const { asked, rehearser: one } = rehearser([
      page({ items: [event({})], next: "c.1" }),
      page({ items: [event({ id: "e2" })], compared: 2 }),
    ]);
    await one.start();
    const { outcome, isRunning } = one.state.getState();
    expect(outcome?.events.map(({ id }) => id)).toEqual(["e1", "e2"]);
    expect([outcome?.compared, outcome?.total, outcome?.liveVersion]).toEqual([2, 2, 3]);
    expect(isRunning).toBe(false);
    expect(asked.map(({ body }) => (body as { cursor: string | null }).cursor)).toEqual([
      null,
      "c.1",
    ]);
  });

  it("stops where it is stopped, and goes on from there", async () => {
    const { rehearser: one } = rehearser([page({ next: "c.1" }), page({ compared: 2 })]);
    const unsubscribe = one.state.subscribe(({ outcome }) => {
      if (outcome?.cursor) one.stop();
    });
    await one.start();
    unsubscribe();
    expect(one.state.getState()).toMatchObject({ isRunning: false, outcome: { compared: 1 } });
    await one.goOn();
    expect(one.state.getState()).toMatchObject({ isRunning: false, outcome: { compared: 2 } });
  });

  it("says so when somebody saved another draft meanwhile", async () => {
    const { rehearser: one } = rehearser([page({ next: "c.1" }), page({ revision: 2 })]);
    await one.start();
    expect(one.state.getState().trouble).toEqual({ kind: "changed" });
  });

  it("rehearses nothing while what is seen cannot be saved", async () => {
    const { asked, saver, rehearser: one } = rehearser([]);
    saver.conflict({ revision: 2, graph: EMPTY_GRAPH });
    await one.start();
    expect(one.state.getState().trouble).toEqual({ kind: "unsaved" });
    expect(asked).toEqual([]);
  });

  it("keeps what it found when a page fails, and says why", async () => {
    const { rehearser: one } = rehearser([page({ next: "c.1" })]);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    await one.start();
    expect(one.state.getState()).toMatchObject({
      isRunning: false,
      trouble: { kind: "failed" },
      outcome: { compared: 1 },
    });
  });
});
