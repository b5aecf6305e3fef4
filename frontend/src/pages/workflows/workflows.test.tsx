import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { WorkflowSummary } from "@/api/types";
import { openApp } from "@/test/app";
import { changes, pretendServer, refusal } from "@/test/server";

const workflow: WorkflowSummary = {
  id: "w1",
  name: "Thank big spenders",
  labels: ["VIP"],
  channel: "whatsapp",
  state: "active",
  active_version: 2,
  revision: 7,
  has_changes: false,
  uses_sandbox: true,
  problems: { errors: 0, warnings: 0 },
  trigger_type: "trigger.order_created",
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
};
const LISTED = { "GET /api/workflows": { items: [workflow], next: null } };

describe("the list of workflows", () => {
  it("offers the first one where there is none", async () => {
    pretendServer();
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: /Start from nothing/ }));

    expect(await screen.findByRole("dialog", { name: "New workflow" })).toBeVisible();
  });

  it("creates one with a name and the channel it speaks by", async () => {
    const asked = pretendServer({
      "POST /api/workflows": { ...workflow, graph: {}, problem_list: [] },
    });
    const { user } = await openApp("/workflows");
    await user.click(await screen.findByRole("button", { name: "New workflow" }));

    await user.type(await screen.findByRole("textbox", { name: /Name/ }), "Thank big spenders");
    await user.click(screen.getByRole("radio", { name: /WhatsApp/ }));
    await user.click(screen.getByRole("button", { name: "Create and open" }));

    expect(changes(asked)).toEqual([
      {
        method: "POST",
        path: "/api/workflows",
        body: {
          name: "Thank big spenders",
          graph: { schema: 1, nodes: [], edges: [], settings: { channel: "whatsapp" } },
        },
      },
    ]);
  });

  it("shows that a live workflow uses the sandbox", async () => {
    pretendServer(LISTED);
    await openApp("/workflows");

    const row = await screen.findByRole("listitem");
    expect(within(row).getByText("Active")).toBeVisible();
    expect(within(row).getByText("Sandbox")).toBeVisible();
  });

  it("asks about those who wait before it switches one off", async () => {
    const asked = pretendServer({
      ...LISTED,
      "POST /api/workflows/w1/deactivate": { state: "paused", runs_changed: 3 },
    });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("switch", { name: "Switch off Thank big spenders" }));
    await user.click(await screen.findByRole("radio", { name: "Stop them" }));
    await user.click(screen.getByRole("button", { name: "Switch off" }));

    await screen.findByText("“Thank big spenders” is switched off.");
    expect(changes(asked)).toEqual([
      { method: "POST", path: "/api/workflows/w1/deactivate", body: { waiting: "cancel" } },
    ]);
  });

  it("leads to the canvas when one cannot be switched on yet", async () => {
    pretendServer({
      "GET /api/workflows": { items: [{ ...workflow, state: "draft" }], next: null },
      "POST /api/workflows/w1/activate": refusal(422, "has_problems", "Two things are missing."),
    });
    const { user, router } = await openApp("/workflows");

    await user.click(await screen.findByRole("switch", { name: "Switch on Thank big spenders" }));

    await screen.findByText("Two things are missing.");
    expect(router.state.location.pathname).toBe("/workflows/w1");
  });

  it("deletes at once and offers the way back", async () => {
    const asked = pretendServer({
      ...LISTED,
      "DELETE /api/workflows/w1": () => ({ status: 204 }),
      "POST /api/workflows/w1/undelete": { ...workflow, graph: {}, problem_list: [] },
    });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: "More for Thank big spenders" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await user.click(await screen.findByRole("button", { name: "Undo" }));

    expect(changes(asked).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE /api/workflows/w1",
      "POST /api/workflows/w1/undelete",
    ]);
  });

  it("shows what it did lately, in numbers too", async () => {
    pretendServer({
      ...LISTED,
      "GET /api/workflows/recent": {
        days: ["2026-11-20", "2026-11-21", "2026-11-22"],
        items: [{ workflow_id: "w1", runs: [4, 0, 9], failed: [0, 0, 2] }],
      },
    });
    await openApp("/workflows");

    expect(await screen.findByRole("img", { name: "13 runs in 3 days, 2 failed" })).toBeVisible();
  });

  it("shows only those with a label when it is pressed", async () => {
    const asked = pretendServer({ ...LISTED, "GET /api/workflows/labels": { items: ["VIP"] } });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("checkbox", { name: "VIP" }));

    await waitFor(() => expect(asked.at(-1)?.query.get("label")).toBe("VIP"));
  });

  it("pauses everything after asking", async () => {
    const asked = pretendServer({
      ...LISTED,
      "POST /api/workflows/pause-all": { workflows: 3, runs_changed: 1 },
    });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: "Pause everything" }));
    const dialog = await screen.findByRole("dialog", { name: "Pause every workflow?" });
    await user.click(within(dialog).getByRole("button", { name: "Pause everything" }));

    await screen.findByText("3 workflows were switched off.");
    expect(changes(asked)).toEqual([
      { method: "POST", path: "/api/workflows/pause-all", body: { waiting: "pause" } },
    ]);
  });

  it("tells that everything is off though the fresh list has taken the button away", async () => {
    let state = "active";
    let numbers = (): object | Promise<never> => ({ body: { days: [], items: [] } });
    pretendServer({
      "GET /api/workflows": () => ({ body: { items: [{ ...workflow, state }], next: null } }),
      "GET /api/workflows/recent": () => numbers(),
      "POST /api/workflows/pause-all": () => {
        state = "inactive";
        numbers = () => new Promise<never>(() => undefined);
        return { body: { workflows: 1, runs_changed: 0 } };
      },
    });
    const { user } = await openApp("/workflows");
    const button = await screen.findByRole("button", { name: "Pause everything" });

    await user.click(button);
    const dialog = await screen.findByRole("dialog", { name: "Pause every workflow?" });
    await user.click(within(dialog).getByRole("button", { name: "Pause everything" }));

    await waitFor(() => expect(button).not.toBeInTheDocument());
    expect(await screen.findByText("1 workflow was switched off.")).toBeVisible();
  });

  it("takes in a workflow that is pasted on the page, and tells of steps it does not know", async () => {
    const asked = pretendServer({
      ...LISTED,
      "POST /api/workflows/import": {
        ...workflow,
        id: "w2",
        graph: { schema: 1, nodes: [], edges: [], settings: {} },
        problem_list: [{ code: "unknown_node_type", severity: "error", message: "" }],
      },
    });
    const { router, user } = await openApp("/workflows");
    await screen.findByRole("listitem");

    await user.click(document.body);
    await user.paste('{"nodes": [{"id": "x"}], "edges": []}');

    await screen.findByText(/1 step is of a kind that is not installed here/);
    expect(router.state.location.pathname).toBe("/workflows/w2");
    expect(changes(asked)[0]?.body).toEqual({ document: { nodes: [{ id: "x" }], edges: [] } });
  });

  it("says in a sentence why a file is no workflow, and asks the server nothing", async () => {
    const asked = pretendServer(LISTED);
    const { user } = await openApp("/workflows");
    await user.click(await screen.findByRole("button", { name: "Import" }));
    const dialog = await screen.findByRole("dialog", { name: "Import a workflow" });

    await user.click(within(dialog).getByRole("textbox", { name: "Or paste it here" }));
    await user.paste("Dear team, please import this.");
    await user.click(within(dialog).getByRole("button", { name: "Import" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("This is not a workflow.");
    expect(changes(asked)).toEqual([]);
  });

  it("says what to do when the server does not answer", async () => {
    pretendServer({
      "GET /api/workflows": () => {
        throw new TypeError("Failed to fetch");
      },
    });
    await openApp("/workflows");

    const notice = await screen.findByRole("alert");
    expect(notice).toHaveTextContent("Cartwheel cannot be reached");
    expect(within(notice).getByRole("button", { name: "Try again" })).toBeVisible();
  });
});
