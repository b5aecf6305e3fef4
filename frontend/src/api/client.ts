import createClient from "openapi-fetch";

import { i18n } from "@/i18n";

import { ApiProblem, readProblem } from "./problem";
import type { paths } from "./schema";

const CSRF_HEADER = "X-CSRF-Token";
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

/** The server's paths, each typed as the server describes it. */
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  fetch: reach,
});

/**
 * Sends a request. Another tab may have signed in anew since this one learned its CSRF token, so
 * a refusal for that reason is answered with the present token, once.
 */
async function reach(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", i18n.resolvedLanguage ?? "en");
  if (request.method === "GET") return send(request);
  const again = request.clone();
  request.headers.set(CSRF_HEADER, csrfToken);
  const refused = await send(request);
  if (!(await isStaleCsrf(refused))) return refused;
  await renewCsrf();
  again.headers.set(CSRF_HEADER, csrfToken);
  return send(again);
}

/** A server that cannot be reached is an `ApiProblem` with status 0. */
async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (reason) {
    if (request.signal.aborted) throw reason;
    throw new ApiProblem(0, "unreachable", "");
  }
}

async function isStaleCsrf(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return readProblem(403, body).code === "csrf";
}

async function renewCsrf(): Promise<void> {
  const { data } = await api.GET("/api/session");
  if (data?.csrf) rememberCsrf(data.csrf);
}

interface Asked {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/**
 * The content of a successful answer.
 *
 * @throws ApiProblem for every answer that is not a success.
 */
export async function answer<Content>(asked: Promise<Asked>): Promise<Content> {
  const { data, error, response } = await asked;
  if (response.ok) return data as Content;
  const problem = readProblem(response.status, error);
  if (problem.code === "unauthorized") onSignedOut();
  throw problem;
}
