import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { App, Connection } from "@/api/types";
import { openApp } from "@/test/app";
import { type Asked, changes, pretendServer, refusal } from "@/test/server";

const shop: App = {
  id: "shopify",
  label: "Shopify",
  description: "Your Shopify shop.",
  icon: '<svg viewBox="0 0 24 24"><path d="M0 0h24v24H0z"/></svg>',
  fields: {
    type: "object",
    required: ["shop", "access_token"],
    properties: {
      shop: { type: "string", title: "Shop" },
      access_token: { type: "string", title: "Access token", "x-secret": true },
    },
  },
  channel: null,
  channels: [],
  webhook: true,
  testable: true,
  translations: {},
};
const saved: Connection = {
  id: "c1",
  app: "shopify",
  name: "Main shop",
  settings: { shop: "willow.myshopify.com" },
  secrets: { access_token: true },
  status: "ok",
  checked_at: "2026-11-20T08:00:00Z",
  error: null,
  is_default: false,
  is_sandbox: false,
  hook_url: "https://cartwheel.example/hooks/shopify/k3y",
};
const APPS = { "GET /api/apps": { items: [shop] } };
const LISTED = { ...APPS, "GET /api/connections": { items: [saved], next: null } };

async function fillIn(user: Awaited<ReturnType<typeof openApp>>["user"]) {
  await user.click(await screen.findByRole("button", { name: /Connect Shopify/ }));
  await user.type(await screen.findByLabelText(/^Shop/), " willow.myshopify.com");
  await user.type(screen.getByLabelText(/Access token/), "shpat_1234567890 ");
}

describe("connections", () => {
  it("keeps settings and secrets apart on the way to the server, without what surrounds them", async () => {
    const asked = pretendServer({ ...APPS, "POST /api/connections": saved });
    const { user } = await openApp("/connections");

    await fillIn(user);
    await user.click(screen.getByRole("button", { name: "Test and save" }));

    await screen.findByText("Where events arrive");
    expect(changes(asked)[0]?.body).toEqual({
      app: "shopify",
      name: "Shopify",
      settings: { shop: "willow.myshopify.com" },
      secrets: { access_token: "shpat_1234567890" },
      is_default: false,
      save_anyway: false,
    });
  });

  it("shows the app's own refusal and saves anyway when told to", async () => {
    const asked = pretendServer({
      ...APPS,
      "POST /api/connections": (request: Asked) =>
        (request.body as { save_anyway: boolean }).save_anyway
          ? { status: 201, body: { ...saved, status: "broken", hook_url: null } }
          : refusal(422, "connection_test_failed", "Invalid access token.")(request),
    });
    const { user } = await openApp("/connections");
    await fillIn(user);

    await user.click(screen.getByRole("button", { name: "Test and save" }));
    const notice = await screen.findByRole("alert");
    expect(notice).toHaveTextContent("Invalid access token.");
    await user.click(within(notice).getByRole("button", { name: "Save anyway" }));

    await screen.findByText("“Main shop” is saved.");
    expect(changes(asked)).toHaveLength(2);
  });

  it("does not ask the server while something needed is missing", async () => {
    const asked = pretendServer(APPS);
    const { user } = await openApp("/connections");
    await user.click(await screen.findByRole("button", { name: /Connect Shopify/ }));

    await user.click(await screen.findByRole("button", { name: "Test and save" }));

    expect(await screen.findAllByText("This is needed.")).toHaveLength(2);
    expect(changes(asked)).toEqual([]);
  });

  it("leaves a saved secret alone when something else is changed", async () => {
    const asked = pretendServer({ ...LISTED, "PATCH /api/connections/c1": saved });
    const { user } = await openApp("/connections");
    await user.click(await screen.findByRole("button", { name: "Settings" }));

    await user.type(await screen.findByLabelText(/Name/), " 2");
    await user.click(screen.getByRole("button", { name: "Test and save" }));

    await screen.findByText("“Main shop” is saved and works.");
    expect(changes(asked)[0]?.body).toMatchObject({ name: "Main shop 2", secrets: {} });
  });

  it("shows a signing secret that was made, with the address it belongs to", async () => {
    pretendServer({
      ...APPS,
      "POST /api/connections": { ...saved, signing_secret: "whsec_once" },
    });
    const { user } = await openApp("/connections");

    await fillIn(user);
    await user.click(screen.getByRole("button", { name: "Test and save" }));

    expect(await screen.findByText("whsec_once")).toBeVisible();
    expect(screen.getByText(saved.hook_url ?? "")).toBeVisible();
  });

  it("names the active workflows that a deleted account leaves without one", async () => {
    pretendServer({
      ...LISTED,
      "DELETE /api/connections/c1": { workflows: [{ id: "w1", name: "Thank big spenders" }] },
    });
    const { user } = await openApp("/connections");
    await user.click(await screen.findByRole("button", { name: "Settings" }));
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    const question = await screen.findByRole("dialog", { name: "Delete “Main shop”?" });

    await user.click(within(question).getByRole("button", { name: "Delete" }));

    expect(await screen.findByText(/need another account: Thank big spenders/)).toBeVisible();
  });
});
