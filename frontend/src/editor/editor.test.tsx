import { notifications } from "@mantine/notifications";
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import type { Graph, Workflow } from "@/api/types";
import { openApp } from "@/test/app";
import { type Asked, pretendServer, refusal, session } from "@/test/server";

import { EMPTY, NODE_TYPES, PROBLEM, START, workflow } from "./fixtures";

beforeEach(() => {
  localStorage.clear();
  // Notices outlive the screen that showed them.
  notifications.clean();
});

async function openEditor(shown: Workflow = workflow(), replies: Record<string, unknown> = {}) {
  let revision = shown.revision;
  const asked = pretendServer({
    "GET /api/node-types": { items: NODE_TYPES },
    "GET /api/workflows/w1": shown,
    "PUT /api/workflows/w1/draft": () => ({ body: { revision: ++revision, problems: [] } }),
    ...replies,
  });
  const app = await openApp("/workflows/w1");
  await screen.findByRole("region", { name: "Canvas" });
  return { ...app, asked };
}

const saved = (asked: Asked[]): Graph[] =>
  asked
    .filter(({ method }) => method === "PUT")
    .map(({ body }) => (body as { graph: Graph }).graph);

const card = (name: string) => screen.findByRole("group", { name });
const panel = () => screen.findByRole("complementary", { name: "Settings of the step" });

describe("building", () => {
  it("asks an empty workflow when it starts, and saves the answer", async () => {
    const { user, asked } = await openEditor(workflow({ graph: EMPTY }));
    const canvas = screen.getByRole("region", { name: "Canvas" });

    await user.click(await within(canvas).findByRole("button", { name: /^Order placed/ }));

    expect(await card("Order placed")).toBeInTheDocument();
    await waitFor(() => expect(saved(asked).at(-1)?.nodes).toHaveLength(1));
  });

  it("adds a step from the palette after the last one and wires it", async () => {
    const { user, asked } = await openEditor();
    const palette = screen.getByRole("complementary", { name: "Steps to add" });

    await user.click(within(palette).getByRole("button", { name: "Wait" }));

    await waitFor(() => expect(saved(asked).at(-1)?.edges).toHaveLength(2));
    expect(saved(asked).at(-1)?.edges[1]).toMatchObject({ source: "sms", target: "delay" });
  });

  it("offers the step picker at an open output, found by a synonym", async () => {
    const { user } = await openEditor(workflow({ graph: { ...EMPTY, nodes: [START] } }));

    await user.click(await screen.findByRole("button", { name: "Add the next step" }));
    const picker = await screen.findByRole("dialog", { name: "Choose a step" });
    await user.type(within(picker).getByRole("combobox"), "pause{Enter}");

    expect(await card("Wait")).toBeInTheDocument();
    expect(within(await panel()).getByDisplayValue("Wait")).toBeVisible();
  });

  it("takes back and does again", async () => {
    const { user } = await openEditor();
    const palette = screen.getByRole("complementary", { name: "Steps to add" });
    await user.click(within(palette).getByRole("button", { name: "Wait" }));
    await card("Wait");

    await user.keyboard("{Control>}z{/Control}");
    expect(screen.queryByRole("group", { name: "Wait" })).toBeNull();
    await user.keyboard("{Control>}y{/Control}");
    expect(await card("Wait")).toBeInTheDocument();
  });

  it("says a condition as a sentence on its card", async () => {
    const check = { id: "check", type: "condition.if@1", config: {}, position: { x: 368, y: 0 } };
    const { user } = await openEditor(workflow({ graph: { ...EMPTY, nodes: [START, check] } }));
    await user.click(await screen.findByRole("button", { name: "Add the next step" }));
    await user.keyboard("if{Enter}");

    const settings = within(await panel());
    await user.click(await settings.findByRole("button", { name: "Add condition" }));
    await user.click(settings.getByRole("combobox", { name: "What is compared" }));
    await user.click(await screen.findByRole("option", { name: /^Order → Total/ }));
    await user.click(settings.getByRole("combobox", { name: "How it is compared" }));
    await user.click(await screen.findByRole("option", { name: "is above" }));
    await user.type(settings.getByRole("textbox", { name: "Compared with" }), "100");

    expect(await screen.findByText("Order total is above 100")).toBeInTheDocument();
  });

  it("works by keyboard: focus a card, Enter opens it, Escape gives the keys back", async () => {
    const { user } = await openEditor();
    const start = await card("Order placed");
    start.focus();

    await user.keyboard("{Enter}");
    const opened = await panel();
    within(opened).getByRole("textbox", { name: "Name of the step" }).focus();
    await user.keyboard("{Escape}");

    expect(screen.queryByRole("complementary", { name: "Settings of the step" })).toBeNull();
    expect(start).toHaveFocus();
    await user.keyboard("d");
    expect(await screen.findByLabelText("Switched off")).toBeInTheDocument();
  });

  it("keeps a step of an unknown type and says so when Enter opens it", async () => {
    const odd = { id: "odd", type: "action.gone@7", config: { a: 1 }, position: { x: 368, y: 0 } };
    const { user } = await openEditor(workflow({ graph: { ...EMPTY, nodes: [START, odd] } }));

    (await card("Unknown step")).focus();
    await user.keyboard("{Enter}");

    expect(within(await panel()).getByText(/“action.gone@7” is not part/)).toBeVisible();
  });

  it("only shows the workflow to those who may not change it", async () => {
    const viewer = { ...session, person: { ...session.person, role: "viewer" } };
    await openEditor(workflow(), { "GET /api/session": viewer });

    expect(screen.queryByRole("complementary", { name: "Steps to add" })).toBeNull();
    expect(screen.getByRole("switch", { name: "Active" })).toBeDisabled();
  });
});

describe("saving", () => {
  it("keeps the canvas when the server is away as the workflow is asked for again", async () => {
    let isAway = false;
    const { router, user } = await openEditor(workflow(), {
      "GET /api/workflows/w1": () => (isAway ? { status: 503, body: {} } : { body: workflow() }),
    });
    const { queryClient } = router.options.context;
    (await card("Order placed")).focus();
    isAway = true;

    await queryClient.invalidateQueries({ queryKey: ["workflow"] });
    expect(queryClient.getQueryState(["workflow", "w1"])?.status).toBe("error");
    await user.keyboard("d");

    expect(await screen.findByLabelText("Switched off")).toBeInTheDocument();
  });

  it("never overwrites another's draft, and loads theirs when asked", async () => {
    const theirs = { ...EMPTY, nodes: [{ ...START, label: "Theirs" }] };
    const { user, asked } = await openEditor(workflow(), {
      "PUT /api/workflows/w1/draft": refusal(409, "stale_revision", "", {
        revision: 9,
        graph: theirs,
      }),
    });
    const palette = screen.getByRole("complementary", { name: "Steps to add" });
    await user.click(within(palette).getByRole("button", { name: "Wait" }));

    await user.click(await screen.findByRole("button", { name: "Load theirs" }));

    expect(await card("Theirs")).toBeInTheDocument();
    expect(saved(asked)).toHaveLength(1);
  });

  it("brings back what could not be saved last time", async () => {
    const graph = { ...EMPTY, nodes: [{ ...START, label: "From last time" }] };
    localStorage.setItem("cartwheel.draft.w1.gone", JSON.stringify({ graph, revision: 3 }));
    const { asked } = await openEditor();

    expect(await card("From last time")).toBeInTheDocument();
    await waitFor(() => expect(saved(asked)).toEqual([graph]));
  });
});

describe("switching on", () => {
  it("lists what is in the way, each a link to its step", async () => {
    const { user } = await openEditor(workflow({ problem_list: [PROBLEM] }));

    await user.click(screen.getByRole("switch", { name: "Active" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("button", { name: "Switch on" })).toBeDisabled();
    await user.click(within(dialog).getByRole("button", { name: /The message is missing/ }));

    expect(within(await panel()).getByDisplayValue("Send SMS")).toBeVisible();
  });

  it("makes the draft live", async () => {
    const { user, asked } = await openEditor(workflow(), {
      "POST /api/workflows/w1/activate": { version: 1, state: "active" },
    });

    await user.click(screen.getByRole("switch", { name: "Active" }));
    await user.click(await screen.findByRole("button", { name: "Switch on" }));

    expect(await screen.findAllByText("Version 1 is live")).not.toHaveLength(0);
    expect(asked.some(({ path }) => path.endsWith("/activate"))).toBe(true);
  });
});

describe("testing", () => {
  const simulation = {
    status: "succeeded",
    steps: [
      step("start", "2026-11-20T08:00:00Z", null),
      step("sms", "2026-11-23T08:00:00Z", "Sent."),
    ],
    messages: [
      {
        channel: "sms",
        to: "+48",
        subject: null,
        text: "Hi #1042",
        at: "2026-11-23T08:00:00Z",
        node_id: "sms",
      },
    ],
    requests: [],
    path: { nodes: ["start", "sms"], edges: ["e1"] },
    ended_at: "2026-11-23T08:00:00Z",
  };

  it("plays the graph on the canvas with a sample and shows what would be sent", async () => {
    const { user, asked } = await openEditor(workflow(), {
      "POST /api/workflows/simulate": simulation,
    });

    await user.click(screen.getByRole("button", { name: "Test" }));
    await user.click(await screen.findByRole("button", { name: "Run test" }));

    const timeline = await screen.findByRole("list", { name: "What happened, in order" });
    expect(within(timeline).getByText("3 days later")).toBeVisible();
    expect(screen.getByText("Hi #1042")).toBeVisible();
    expect(asked.find(({ path }) => path.endsWith("/simulate"))?.body).toMatchObject({
      event: { type: "order_created", data: { order: { name: "#1042" } } },
      graph: { nodes: [{ id: "start" }, { id: "sms" }] },
    });
  });

  it("opens a step of the test with what it was given and gave", async () => {
    const { user } = await openEditor(workflow(), { "POST /api/workflows/simulate": simulation });
    await user.click(screen.getByRole("button", { name: "Test" }));
    await user.click(await screen.findByRole("button", { name: "Run test" }));

    const timeline = await screen.findByRole("list", { name: "What happened, in order" });
    await user.click(within(timeline).getByRole("button", { name: /Send SMS/ }));

    expect(within(await panel()).getByText("What it gave")).toBeVisible();
  });

  it("asks for a trigger before there is anything to test", async () => {
    const { user } = await openEditor(workflow({ graph: EMPTY }));
    await user.click(screen.getByRole("button", { name: "Test" }));
    expect(await screen.findByText(/Choose what starts the workflow first/)).toBeVisible();
  });
});

function step(nodeId: string, at: string, words: string | null) {
  return {
    node_id: nodeId,
    iteration: "",
    at,
    port: "done",
    status: "succeeded",
    input: { to: "+48" },
    output: { id: "m1" },
    words,
    error: null,
  };
}

describe("a run", () => {
  const run = {
    id: "r1",
    workflow_id: "w1",
    workflow_name: "Thank you",
    version: 2,
    status: "failed",
    label: "Order #1042",
    contact: null,
    created_at: "2026-11-20T08:00:00Z",
    started_at: "2026-11-20T08:00:00Z",
    finished_at: "2026-11-20T08:00:02Z",
    wake_at: null,
    error: {
      code: "unsubscribed",
      message: "The person answered STOP.",
      fix: "Write an e-mail instead.",
      node_id: "sms",
    },
    stop_label: null,
    event_id: "e1",
    caller: null,
    calls: [],
    graph: workflow().graph,
    event: { id: "e1", type: "order_created", data: { order: { name: "#1042" } } },
    steps: [
      { ...runStep("start", "succeeded"), port: "done" },
      { ...runStep("sms", "failed"), attempts: 3 },
    ],
  };

  function runStep(nodeId: string, status: string) {
    return {
      node_id: nodeId,
      iteration: "",
      status,
      port: null,
      input: null,
      output: null,
      words: null,
      error: status === "failed" ? { message: "The person answered STOP.", fix: null } : null,
      attempts: 1,
      started_at: "2026-11-20T08:00:00Z",
      finished_at: "2026-11-20T08:00:01Z",
      wake_at: null,
    };
  }

  it("says what failed, what was done before and what to do, and can be retried", async () => {
    const asked = pretendServer({
      "GET /api/node-types": { items: NODE_TYPES },
      "GET /api/runs/r1": run,
      "POST /api/runs/r1/retry": run,
    });
    const { user } = await openApp("/runs/r1");

    const fault = await screen.findByRole("alert");
    expect(fault).toHaveTextContent("The person answered STOP.");
    expect(fault).toHaveTextContent("Write an e-mail instead.");
    expect(fault).toHaveTextContent("1 step had been done before and stays done.");
    const list = screen.getByRole("list", { name: "What happened, in order" });
    expect(within(list).getByText("The person answered STOP.")).toBeVisible();
    await user.click(within(fault).getByRole("button", { name: "Show the step" }));
    expect(within(await panel()).getByText("3 attempts")).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Retry from the failed step" }));
    await waitFor(() => expect(asked.some(({ path }) => path.endsWith("/retry"))).toBe(true));
  });

  it("says to which pass of a body a step belongs, counted from one", async () => {
    pretendServer({
      "GET /api/node-types": { items: NODE_TYPES },
      "GET /api/runs/r1": { ...run, steps: [{ ...runStep("sms", "succeeded"), iteration: "2.0" }] },
    });
    await openApp("/runs/r1");
    const list = await screen.findByRole("list", { name: "What happened, in order" });
    expect(within(list).getByText("no. 3.1")).toBeVisible();
  });
});
