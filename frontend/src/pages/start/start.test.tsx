import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { openApp } from "@/test/app";
import { changes, pretendServer, refusal } from "@/test/server";

const template = {
  id: "thank",
  label: "Thank big spenders",
  description: "Writes to whoever spends a lot.",
  search: ["vip"],
  channel: "whatsapp",
  steps: ["trigger.order_created@1"],
  asks: {
    type: "object",
    properties: {
      amount: { type: "string", title: "Orders above", description: "How much.", default: "100" },
    },
    required: ["amount"],
    additionalProperties: false,
  },
  translations: {},
};
const others = ["tell", "ask", "greet"].map((id) => ({ ...template, id, label: `Others ${id}` }));
const TEMPLATES = { "GET /api/templates": { items: [template, ...others] } };
const made = {
  id: "w1",
  name: "Thank them",
  graph: { schema: 1, nodes: [], edges: [], settings: {} },
  problem_list: [],
};

describe("the first screen", () => {
  it("offers three templates and leads to all of them", async () => {
    pretendServer(TEMPLATES);
    const { user } = await openApp("/workflows");

    const offered = await screen.findByRole("list", { name: "Templates" });
    expect(within(offered).getAllByRole("button")).toHaveLength(3);
    await user.click(screen.getByRole("link", { name: "See all 4 templates" }));

    await screen.findByRole("heading", { name: "Templates" });
    await user.type(screen.getByRole("searchbox", { name: "Search templates" }), "greet");
    expect(screen.getAllByRole("button", { name: /Others/ })).toHaveLength(1);
  });

  it("makes a workflow of what was answered and opens it", async () => {
    const asked = pretendServer({ ...TEMPLATES, "POST /api/templates/thank/use": made });
    const { user, router } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: /Thank big spenders/ }));
    const amount = await screen.findByRole("textbox", { name: /Orders above/ });
    expect(amount).toHaveValue("100");
    await user.clear(amount);
    await user.type(amount, "250");
    await user.click(screen.getByRole("button", { name: "Make the workflow" }));

    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/w1"));
    expect(changes(asked)[0]?.body).toEqual({
      values: { amount: "250" },
      name: "Thank big spenders",
      language: "en",
    });
  });

  it("shows at the field what the server does not take", async () => {
    pretendServer({
      ...TEMPLATES,
      "POST /api/templates/thank/use": refusal(422, "bad_values", "Some values do not fit.", {
        problems: [{ field: "/amount", message: "Write an amount." }],
      }),
    });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: /Thank big spenders/ }));
    await user.click(await screen.findByRole("button", { name: "Make the workflow" }));

    expect(
      await screen.findByRole("textbox", { name: /Orders above/ }),
    ).toHaveAccessibleDescription(/Write an amount\./);
  });

  it("ticks first steps off, and puts the list away", async () => {
    const items = ["workflow", "test", "active", "run", "shop"].map((id) => ({
      id,
      done: id === "workflow",
    }));
    const asked = pretendServer({
      "GET /api/checklist": { items, dismissed: false },
      "POST /api/checklist": { items, dismissed: true },
    });
    const { user } = await openApp("/workflows");

    await waitFor(() => expect(screen.getByText("1 of 5 done")).toBeVisible());
    const list = screen.getByRole("region", { name: "First steps" });
    expect(within(list).getAllByRole("img", { name: "Done" })).toHaveLength(1);
    await user.click(within(list).getByRole("button", { name: "Put the first steps away" }));

    await waitFor(() => expect(screen.queryByRole("region", { name: "First steps" })).toBeNull());
    expect(changes(asked)).toEqual([
      { method: "POST", path: "/api/checklist", body: { dismissed: true } },
    ]);
  });

  it("opens the demo shop", async () => {
    const asked = pretendServer({
      "POST /api/demo": { on: true, per_minute: 6, told_today: 0, most_a_day: 10_000 },
    });
    const { user } = await openApp("/workflows");

    await user.click(await screen.findByRole("button", { name: "Open the demo shop" }));

    await screen.findByRole("button", { name: "Close the demo shop" });
    expect(changes(asked)).toEqual([{ method: "POST", path: "/api/demo", body: { on: true } }]);
  });
});
