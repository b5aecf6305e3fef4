import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { RunSummary } from "@/api/types";
import { openApp } from "@/test/app";
import { changes, pretendServer } from "@/test/server";

const run: RunSummary = {
  id: "r1",
  workflow_id: "w1",
  workflow_name: "Thank big spenders",
  version: 2,
  status: "failed",
  label: "Order #1042",
  contact: "noor@example.nl",
  created_at: "2026-11-20T08:00:00Z",
  started_at: "2026-11-20T08:00:00Z",
  finished_at: "2026-11-20T08:00:02Z",
  wake_at: null,
  error: { code: "not_deliverable", message: "This number cannot receive it.", fix: null },
  stop_label: null,
  event_id: "e1",
};

describe("the list of runs", () => {
  it("names no day where only somebody's answer ends the wait", async () => {
    const waits = { ...run, status: "waiting", error: null, waits_for: "person" };
    pretendServer({ "GET /api/runs": { items: [waits], next: null } });
    await openApp("/runs");
    expect(await screen.findByText("Waits until somebody does it")).toBeVisible();
  });

  it("says in plain words why a run failed", async () => {
    pretendServer({ "GET /api/runs": { items: [run], next: null } });
    await openApp("/runs");

    expect(await screen.findByText("This number cannot receive it.")).toBeVisible();
    expect(within(screen.getByRole("listitem")).getByText("Failed")).toBeVisible();
    expect(screen.getByRole("link", { name: "Order #1042" })).toHaveAttribute("href", "/runs/r1");
  });

  it("finds what happened to an order and keeps the search in the address", async () => {
    const asked = pretendServer();
    const { user, router } = await openApp("/runs");

    await user.type(await screen.findByRole("searchbox"), "#1042");

    await waitFor(() => expect(asked.at(-1)?.query.get("search")).toBe("#1042"));
    expect(router.state.location.search).toEqual({ search: "#1042" });
    expect(await screen.findByText("No run fits")).toBeVisible();
  });

  it("says why an order that came in started nothing", async () => {
    const reason = { code: "not_active", message: "…", workflows: ["Thank big spenders"] };
    const happening = {
      ...{ id: "e9", type: "order_created", source: "shopify", label: "Order #1042" },
      ...{ contact: null, received_at: "2026-11-20T08:00:00Z", runs: [], reason, kept_out: [] },
    };
    pretendServer({ "GET /api/happenings": { items: [happening], next: null } });
    await openApp("/runs?search=%231042");

    expect(await screen.findByText(/were not switched on at that time: “Thank big/)).toBeVisible();
    const link = screen.getByRole("link", { name: "Order #1042" });
    expect(link).toHaveAttribute("href", "/events?open=e9");
  });

  it("says beside the event itself which workflow it did not qualify for, and why", async () => {
    const words = "Order total is 50, which is not above 100";
    const event = {
      ...{ id: "e9", type: "order_created", source: "shopify", label: "Order #1042", data: {} },
      ...{ received_at: "2026-11-20T08:00:00Z", routed_at: "2026-11-20T08:00:01Z", raw: null },
    };
    const reason = { code: "kept_out", message: "…", workflows: [] };
    const kept = { workflow_id: "w1", workflow_name: "VIP thanks", words };
    pretendServer({
      "GET /api/events/e9": { ...event, contact: null, run_ids: [] },
      "GET /api/happenings": {
        items: [{ ...event, contact: null, runs: [], reason, kept_out: [kept] }],
        next: null,
      },
    });
    await openApp("/events?open=e9");

    expect(await screen.findByText(new RegExp(`VIP thanks.*${words}`))).toBeVisible();
  });

  it("retries all failed runs of the list after asking, page by page", async () => {
    let calls = 0;
    const asked = pretendServer({
      "GET /api/runs/tally": { by_status: { failed: 3, succeeded: 5 } },
      "POST /api/runs/retry": () => {
        calls += 1;
        return { body: { retried: calls, asking: 0, next: calls === 1 ? "r1" : null } };
      },
    });
    const { user } = await openApp("/runs?workflow=w1");

    await user.click(await screen.findByRole("button", { name: "Retry 3 failed runs" }));
    const dialog = await screen.findByRole("dialog", { name: "Retry 3 failed runs?" });
    await user.click(within(dialog).getByRole("button", { name: "Retry 3 failed runs" }));

    expect(await screen.findByText("3 runs go on.")).toBeVisible();
    expect(changes(asked).map(({ body }) => body)).toEqual([
      { workflow_id: "w1", after: null },
      { workflow_id: "w1", after: "r1" },
    ]);
  });

  it("loads further runs when asked to", async () => {
    pretendServer({
      "GET /api/runs": ({ query }: { query: URLSearchParams }) => ({
        body: query.get("cursor")
          ? { items: [{ ...run, id: "r2", label: "Order #1041" }], next: null }
          : { items: [run], next: "r1" },
      }),
    });
    const { user } = await openApp("/runs");

    await user.click(await screen.findByRole("button", { name: "Show more" }));

    expect(await screen.findByText("Order #1041")).toBeVisible();
    expect(screen.getByText("Order #1042")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
});
