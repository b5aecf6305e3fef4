import { vi } from "vitest";

import type { Session } from "@/api/types";

/** What the pretended server answers to one request. */
interface Answer {
  status?: number;
  body?: unknown;
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Reply = unknown;
/** May take its time: what it promises is answered when it is kept. */
type Handler = (asked: Asked) => Answer | Promise<Answer>;

export const session: Session = {
  person: { id: "p1", email: "ana@example.com", name: "Ana", role: "owner" },
  workspace: {
    id: 1,
    name: "Willow & Fern",
    timezone: "Europe/Warsaw",
    currency: "EUR",
    locale: "en-GB",
    keep_runs_days: 90,
    keep_events_days: 90,
    keep_outbox_days: 90,
  },
  csrf: "csrf-1",
  needs_password: false,
  asks_current_password: true,
};

const EMPTY = { items: [], next: null };
const ALWAYS: Record<string, Reply> = {
  "GET /api/session": session,
  "GET /api/node-types": { items: [] },
  "GET /api/apps": { items: [] },
  "GET /api/workflows": EMPTY,
  "GET /api/runs": EMPTY,
  "GET /api/runs/tally": { by_status: {} },
  "GET /api/happenings": EMPTY,
  "GET /api/outbox": EMPTY,
  "GET /api/approvals": EMPTY,
  "GET /api/approvals/tally": { mine: 0, open: 0 },
  "GET /api/events": EMPTY,
  "GET /api/connections": EMPTY,
  "GET /api/tokens": EMPTY,
  "GET /api/own-addresses": { items: [] },
  "GET /api/notices": { failures: 3, obstacle: null, people: [] },
  "GET /api/templates": { items: [] },
  "GET /api/demo": { on: false, per_minute: 6, told_today: 0, most_a_day: 10_000 },
  "GET /api/checklist": { items: [], dismissed: true },
  "GET /api/workflows/labels": { items: [] },
  "GET /api/workflows/recent": { days: [], items: [] },
};

/** A problem document. */
export const refusal = (status: number, code: string, detail = "", extra = {}): Handler => {
  return () => ({ status, body: { status, code, detail, ...extra } });
};

/**
 * Stands in for the server: replies by `METHOD /path`, either content or a function that answers.
 * Returns everything that was asked, in order.
 */
export function pretendServer(replies: Record<string, Reply> = {}): Asked[] {
  const asked: Asked[] = [];
  const known: Record<string, Reply> = { ...ALWAYS, ...replies };
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const text = await request.text();
    const one: Asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    asked.push(one);
    return respond(known[`${one.method} ${one.path}`], one);
  });
  return asked;
}

async function respond(reply: Reply, asked: Asked): Promise<Response> {
  const { status = 200, body } =
    typeof reply === "function" ? await (reply as Handler)(asked) : { body: reply };
  if (reply === undefined)
    return Response.json({ status: 404, code: "not_found" }, { status: 404 });
  return body === undefined ? new Response(null, { status: 204 }) : Response.json(body, { status });
}

/** An answer that is on its way until it is let go. */
export function onItsWay(body: unknown) {
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  return { arrive: () => arrive(), answer: () => arrived.then(() => ({ body })) };
}

/** The changes among what was asked: everything but reading. */
export const changes = (asked: Asked[]) =>
  asked
    .filter(({ method }) => method !== "GET")
    .map(({ method, path, body }) => ({ method, path, body }));
