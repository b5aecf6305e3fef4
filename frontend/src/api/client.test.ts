import { beforeEach, describe, expect, it, vi } from "vitest";

import type * as Client from "./client";

type Reply = (request: Request) => Response | Promise<Response>;

let client: typeof Client;

/** The client reads its origin when it is loaded, and every test gets one without a past. */
beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal("location", { origin: "http://cartwheel.test" });
  client = await import("./client");
});

function replying(...replies: Reply[]): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    return Promise.resolve(replies[Math.min(asked.length, replies.length) - 1]!(request));
  });
  return asked;
}

const problem = (status: number, code: string, extra = {}) =>
  Response.json({ status, code, detail: "No.", ...extra }, { status });

const rename = () => client.answer(client.api.PATCH("/api/workspace", { body: { name: "Fern" } }));

describe("a request", () => {
  it("carries the session's CSRF token when it changes something", async () => {
    client.rememberCsrf("token-1");
    const [asked] = [replying(() => Response.json({}))];
    await rename();
    expect(asked[0]?.headers.get("X-CSRF-Token")).toBe("token-1");
  });

  it("is sent once more with the present token when another tab signed in anew", async () => {
    client.rememberCsrf("old");
    const asked = replying(
      () => problem(403, "csrf"),
      () => Response.json({ csrf: "new" }),
      () => Response.json({ name: "Fern" }),
    );
    await expect(rename()).resolves.toEqual({ name: "Fern" });
    expect(asked.map(({ method }) => method)).toEqual(["PATCH", "GET", "PATCH"]);
    expect(asked[2]?.headers.get("X-CSRF-Token")).toBe("new");
    await expect(asked[2]?.json()).resolves.toEqual({ name: "Fern" });
  });

  it("fails with the server's sentence and everything else it told", async () => {
    replying(() => problem(409, "stale_revision", { revision: 8 }));
    await expect(rename()).rejects.toMatchObject({
      status: 409,
      code: "stale_revision",
      detail: "No.",
      extra: { revision: 8 },
    });
  });

  it("fails with status 0 when no server answers", async () => {
    replying(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(rename()).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });

  it("survives a proxy that answers with a page of its own", async () => {
    replying(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(rename()).rejects.toMatchObject({ status: 502, code: "server_error", detail: "" });
  });

  it("tells when the server no longer knows who asks", async () => {
    const told = vi.fn();
    client.whenSignedOut(told);
    replying(() => problem(401, "unauthorized"));
    await expect(rename()).rejects.toMatchObject({ status: 401 });
    expect(told).toHaveBeenCalledOnce();
  });
});
