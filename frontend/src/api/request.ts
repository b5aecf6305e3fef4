import { ApiProblem, readProblem } from "./problem";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Query = Record<string, string | number | boolean | null | undefined>;

interface Options {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
  /** Keeps the request alive while the page goes away, for the last save. */
  keepalive?: boolean;
}

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** The token every changing request carries; it comes with the session. */
export function rememberCsrf(token: string): void {
  csrfToken = token;
}

/** Called when the server no longer knows who we are. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/**
 * Asks the server and gives its JSON, or `undefined` for an empty answer.
 *
 * @throws ApiProblem for every answer that is not a success, and with status 0 when none came.
 */
export async function request<Answer>(
  method: Method,
  path: string,
  { body, query, signal, keepalive }: Options = {},
): Promise<Answer> {
  const answer = await reach(path + search(query), {
    method,
    headers: headers(method, body !== undefined),
    body: body === undefined ? null : JSON.stringify(body),
    credentials: "same-origin",
    signal: signal ?? null,
    keepalive: keepalive ?? false,
  });
  const content = await readJson(answer);
  if (answer.ok) return content as Answer;
  if (answer.status === 401 && path !== "/api/session") onSignedOut();
  throw readProblem(answer.status, content);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw new ApiProblem(0, "unreachable", "");
  }
}

function headers(method: Method, hasBody: boolean): Record<string, string> {
  return {
    Accept: "application/json",
    ...(hasBody ? { "Content-Type": "application/json" } : {}),
    ...(method === "GET" ? {} : { "X-CSRF-Token": csrfToken }),
  };
}

function search(query: Query = {}): string {
  const wanted = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  if (wanted.length === 0) return "";
  return `?${new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy in between may answer with a page of its own; its status still counts.
    return undefined;
  }
}
