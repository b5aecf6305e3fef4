import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { openApp } from "@/test/app";
import { changes, pretendServer, session } from "@/test/server";

describe("settings", () => {
  it("shows a new token, which nobody can see again", async () => {
    pretendServer({
      "POST /api/tokens": {
        id: "t1",
        name: "Warehouse",
        created_at: "2026-11-20T08:00:00Z",
        last_used_at: null,
        token: "cw_shown_once",
      },
    });
    const { user } = await openApp("/settings");

    await user.type(await screen.findByLabelText(/What is it for/), "Warehouse");
    await user.click(screen.getByRole("button", { name: "Create token" }));

    expect(await screen.findByText("cw_shown_once")).toBeVisible();
  });

  it("saves the shop's name and shows it at once", async () => {
    const asked = pretendServer({
      "PATCH /api/workspace": { ...session.workspace, name: "Fern & Willow" },
    });
    const { user } = await openApp("/settings");
    const name = await screen.findByRole("textbox", { name: /Name/ });

    await user.clear(name);
    await user.type(name, "Fern & Willow");
    await user.click(screen.getByRole("button", { name: "Save" }));

    await screen.findByRole("link", { name: "Fern & Willow" });
    expect(changes(asked)[0]?.body).toMatchObject({ name: "Fern & Willow", currency: "EUR" });
  });

  it("saves at once how long runs are kept", async () => {
    const asked = pretendServer({
      "PATCH /api/workspace": { ...session.workspace, keep_runs_days: 0 },
    });
    const { user } = await openApp("/settings");

    await user.click(await screen.findByRole("combobox", { name: "Runs that ended" }));
    await user.click(await screen.findByRole("option", { name: "For ever" }));

    await screen.findByText(/What is older goes within the hour/);
    expect(changes(asked)[0]?.body).toEqual({ keep_runs_days: 0 });
  });

  it("signs out", async () => {
    const state = { signedIn: true };
    pretendServer({
      "DELETE /api/session": () => {
        state.signedIn = false;
        return { status: 204 };
      },
    });
    const { user } = await openApp("/settings");

    await user.click(await screen.findByRole("button", { name: "Sign out" }));

    await screen.findByRole("heading", { name: "Sign in" });
    expect(state.signedIn).toBe(false);
  });
});
