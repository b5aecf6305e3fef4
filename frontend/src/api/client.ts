import createClient from "openapi-fetch";

import { ApiProblem, readProblem } from "./problem";
import type { paths } from "./schema";

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

/** Sends a request; a server that cannot be reached is an `ApiProblem` with status 0. */
async function reach(request: Request): Promise<Response> {
  if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
  try {
    return await fetch(request);
  } catch (reason) {
    if (request.signal.aborted) throw reason;
    throw new ApiProblem(0, "unreachable", "");
  }
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
