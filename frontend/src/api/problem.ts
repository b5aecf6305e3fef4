import type { Json } from "./types";

/** An answer that is not a success, in words that can be shown as they are. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    readonly code: string,
    /** A sentence from the server, or nothing when it gave none. */
    readonly detail: string,
    /** What else the problem document carries, such as `problems` or `revision`. */
    readonly extra: Readonly<Record<string, Json>> = {},
  ) {
    super(detail || code);
    this.name = "ApiProblem";
  }
}

const DOCUMENT_FIELDS = new Set(["type", "title", "status", "code", "detail", "instance"]);

/** Reads an RFC 9457 document; whatever else came is reduced to its status. */
export function readProblem(status: number, body: unknown): ApiProblem {
  if (typeof body !== "object" || body === null) return new ApiProblem(status, codeOf(status), "");
  const document = body as Record<string, Json>;
  const extra = Object.fromEntries(
    Object.entries(document).filter(([name]) => !DOCUMENT_FIELDS.has(name)),
  );
  return new ApiProblem(
    status,
    typeof document.code === "string" ? document.code : codeOf(status),
    typeof document.detail === "string" ? document.detail : "",
    extra,
  );
}

function codeOf(status: number): string {
  if (status === 401) return "unauthorized";
  if (status === 404) return "not_found";
  return status >= 500 ? "server_error" : "refused";
}
