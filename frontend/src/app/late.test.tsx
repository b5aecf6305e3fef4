import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { closePalette } from "@/app/palette/offers";
import { NODE_TYPES, workflow } from "@/editor/fixtures";
import { startTexts } from "@/i18n";
import { openApp } from "@/test/app";
import { changes, onItsWay, pretendServer } from "@/test/server";
import { ConfirmButton } from "@/ui/ConfirmButton";

// What comes late: an answer to what is no longer asked, a click on what has changed meanwhile.

const listed = (name: string, id: string) => ({
  id,
  name,
  labels: [],
  channel: "sms",
  state: "active",
  active_version: 1,
  revision: 1,
  has_changes: false,
  uses_sandbox: false,
  problems: { errors: 0, warnings: 0 },
  trigger_type: "trigger.order_created",
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
});
const page = (...items: unknown[]) => ({ items, next: null });

describe("the palette", () => {
  afterEach(closePalette);

  it("waits with Enter until the list fits the words", async () => {
    const found = onItsWay(page(listed("Win back", "wanted")));
    pretendServer({
      "GET /api/workflows": ({ query }: { query: URLSearchParams }) =>
        query.get("search") ? found.answer() : { body: page(listed("Abandoned", "other")) },
      "GET /api/workflows/wanted": {},
    });
    const { user, router } = await openApp("/runs");
    await screen.findByRole("heading", { name: "Runs" });
    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Search everything" });
    await screen.findByRole("option", { name: "Abandoned" });

    await user.type(field, "win back{Enter}");
    expect(router.state.location.pathname).toBe("/runs");
    found.arrive();

    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/wanted"));
  });
});

describe("a template", () => {
  const template = {
    id: "thank",
    label: "Thank them",
    description: "",
    search: [],
    channel: null,
    steps: [],
    asks: { type: "object", properties: {}, additionalProperties: false },
    translations: {},
  };

  it("does not take whoever has cancelled it to a workflow", async () => {
    const made = onItsWay({ id: "w1" });
    const asked = pretendServer({
      "GET /api/templates": { items: [template] },
      "POST /api/templates/thank/use": made.answer,
    });
    const { user, router } = await openApp("/templates");
    await user.click(await screen.findByRole("button", { name: /Thank them/ }));
    await user.click(await screen.findByRole("button", { name: "Make the workflow" }));
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const before = asked.length;

    made.arrive();

    await waitFor(() => expect(asked.length).toBeGreaterThan(before)); // lists are asked anew
    expect(router.state.location.pathname).toBe("/templates");
  });
});

describe("starting many", () => {
  it("does not offer to start a number that was counted for something else", async () => {
    const counted = onItsWay({ matching: 500, looked_at: 500, complete: true });
    const asked = pretendServer({
      "GET /api/workflows/w1": workflow({ state: "active" }),
      "GET /api/workflows/w1/numbers": { items: [] },
      "GET /api/workflows/w1/waiting": page(),
      "GET /api/workflows/w1/batches": { items: [] },
      "POST /api/workflows/w1/batches/count": counted.answer,
      "GET /api/node-types": { items: NODE_TYPES },
    });
    const { user } = await openApp("/workflows/w1/waiting");
    await user.click(await screen.findByRole("button", { name: "Start on many" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Count first" }));
    await waitFor(() => expect(changes(asked)).toHaveLength(1));
    fireEvent.change(within(dialog).getByLabelText("Received since"), {
      target: { value: "2026-11-22T10:00" },
    });

    counted.arrive();

    expect(await within(dialog).findByRole("button", { name: "Count first" })).toBeEnabled();
    expect(within(dialog).queryByText(/500/)).toBeNull();
  });
});

describe("the demo shop", () => {
  it("stays open although an answer from before comes after it", async () => {
    const shop = { on: false, per_minute: 6, told_today: 0, most_a_day: 10_000 };
    const before = onItsWay(shop);
    let answered = 0;
    pretendServer({
      "GET /api/demo": () => (++answered === 1 ? { body: shop } : before.answer()),
      "POST /api/demo": { ...shop, on: true },
    });
    const { user } = await openApp("/workflows");
    const open = await screen.findByRole("button", { name: "Open the demo shop" });
    await waitFor(() => expect(open).toBeEnabled());
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000); // what is known is old
    fireEvent(window, new Event("visibilitychange"));
    await waitFor(() => expect(answered).toBe(2));

    await user.click(open);
    await screen.findByRole("button", { name: "Close the demo shop" });
    before.arrive();
    await before.answer();

    expect(screen.getByRole("button", { name: "Close the demo shop" })).toBeVisible();
    vi.restoreAllMocks();
  });
});

describe("a question", () => {
  const asking = (count: number, act: () => void) => (
    <MantineProvider env="test">
      <ConfirmButton
        question={`End ${count}?`}
        consequence=""
        confirm={`End these ${count}`}
        onConfirm={act}
      >
        End
      </ConfirmButton>
    </MantineProvider>
  );

  it("is about what it was about when it was asked", async () => {
    await startTexts();
    const [one, all] = [vi.fn(), vi.fn()];
    const { rerender } = render(asking(1, one));
    fireEvent.click(screen.getByText("End"));
    const confirm = await screen.findByText("End these 1");

    rerender(asking(900, all)); // what was chosen went on by itself
    fireEvent.click(confirm);

    expect(one).toHaveBeenCalledOnce();
    expect(all).not.toHaveBeenCalled();
  });

  it("is answered once, however often it is clicked", async () => {
    await startTexts();
    const deed = vi.fn();
    render(asking(1, deed));
    fireEvent.click(screen.getByText("End"));
    const confirm = await screen.findByText("End these 1");

    fireEvent.click(confirm);
    fireEvent.click(confirm); // it is still fading away

    expect(deed).toHaveBeenCalledOnce();
  });
});
