import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { openApp } from "@/test/app";
import { changes, pretendServer, refusal, session } from "@/test/server";

const NOBODY = refusal(401, "unauthorized", "Sign in first.");

describe("signing in", () => {
  it("asks before it uses a link up", async () => {
    const asked = pretendServer({ "POST /api/login-links/abc": session });
    const { user, router } = await openApp("/login/abc");
    const button = await screen.findByRole("button", { name: "Yes, sign me in" });
    expect(changes(asked)).toEqual([]);

    await user.click(button);

    expect(changes(asked)).toEqual([
      { method: "POST", path: "/api/login-links/abc", body: undefined },
    ]);
    await screen.findByRole("heading", { name: "Workflows" });
    expect(router.state.location.pathname).toBe("/workflows");
  });

  it("leads from the first link to a password", async () => {
    const first = {
      ...session,
      needs_password: true,
      asks_current_password: false,
      person: { ...session.person, email: null },
    };
    const asked = pretendServer({
      "POST /api/login-links/abc": first,
      "GET /api/session": first,
      "POST /api/password": session,
    });
    const { user } = await openApp("/login/abc");
    await user.click(await screen.findByRole("button", { name: "Yes, sign me in" }));

    await user.type(await screen.findByLabelText(/Your e-mail address/), "ana@example.com");
    await user.type(screen.getByLabelText(/New password/), "four brown ferns");
    await user.click(screen.getByRole("button", { name: "Set password" }));

    await screen.findByRole("heading", { name: "Workflows" });
    expect(changes(asked).at(-1)).toEqual({
      method: "POST",
      path: "/api/password",
      body: { new: "four brown ferns", email: "ana@example.com" },
    });
  });

  it("says in the server's words why a link no longer works", async () => {
    pretendServer({ "POST /api/login-links/abc": refusal(410, "link_spent", "It was used.") });
    const { user } = await openApp("/login/abc");

    await user.click(await screen.findByRole("button", { name: "Yes, sign me in" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("It was used.");
  });

  it("goes on, after the password, to the page that was wanted", async () => {
    const state = { signedIn: false };
    pretendServer({
      "GET /api/session": (asked: never) => (state.signedIn ? { body: session } : NOBODY(asked)),
      "POST /api/session": () => {
        state.signedIn = true;
        return { body: session };
      },
    });
    const { user, router } = await openApp("/runs?status=failed");

    await user.type(await screen.findByLabelText(/E-mail/), "ana@example.com");
    await user.type(screen.getByLabelText(/Password/), "four brown ferns");
    await user.click(screen.getByRole("button", { name: "Sign in" }));

    await screen.findByRole("heading", { name: "Runs" });
    expect(router.state.location.search).toEqual({ status: "failed" });
  });

  it("keeps the person on the page when the password is wrong", async () => {
    pretendServer({
      "GET /api/session": NOBODY,
      "POST /api/session": refusal(401, "wrong_password", "The password is wrong."),
    });
    const { user } = await openApp("/login");

    await user.type(await screen.findByLabelText(/E-mail/), "ana@example.com");
    await user.type(screen.getByLabelText(/Password/), "guess");
    await user.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("The password is wrong.");
    expect(screen.getByLabelText(/E-mail/)).toHaveValue("ana@example.com");
  });

  it("asks for the sign-in again when the session ends in the middle of the work", async () => {
    const state = { signedIn: true };
    pretendServer({
      "GET /api/session": (asked: never) => (state.signedIn ? { body: session } : NOBODY(asked)),
      "GET /api/runs": (asked: never) =>
        state.signedIn ? { body: { items: [], next: null } } : NOBODY(asked),
    });
    const { user, router } = await openApp("/workflows");
    await screen.findByRole("heading", { name: "Workflows" });
    state.signedIn = false;

    await user.click(screen.getByRole("link", { name: "Runs" }));

    await screen.findByRole("heading", { name: "Sign in" });
    expect(router.state.location.search).toEqual({ next: "/runs" });
  });

  it("does not ask for a forgotten password just after a login link", async () => {
    const byLink = { ...session, asks_current_password: false };
    const asked = pretendServer({ "GET /api/session": byLink, "POST /api/password": session });
    const { user } = await openApp("/settings");

    await user.type(await screen.findByLabelText(/New password/), "four brown ferns");
    expect(screen.queryByLabelText(/Current password/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Change password" }));

    expect(changes(asked).at(-1)).toMatchObject({ body: { new: "four brown ferns" } });
  });

  it("asks for the current password once the half hour is over", async () => {
    const state = { asks: false };
    pretendServer({
      "GET /api/session": () => ({ body: { ...session, asks_current_password: state.asks } }),
      "POST /api/password": (asked: never) => {
        state.asks = true;
        return refusal(403, "wrong_password", "The current password is wrong.")(asked);
      },
    });
    const { user } = await openApp("/settings");

    await user.type(await screen.findByLabelText(/New password/), "four brown ferns");
    await user.click(screen.getByRole("button", { name: "Change password" }));

    await screen.findByLabelText(/Current password/);
  });
});
