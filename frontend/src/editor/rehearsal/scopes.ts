import type { WhichEvents } from "@/api/rehearsal";

/** Which of the past events a rehearsal plays. */
export const SCOPES = ["days-1", "days-7", "days-30", "last-50", "last-200", "last-1000"] as const;
export type Scope = (typeof SCOPES)[number];

/** The server compares so many events at most. */
export const MOST_EVENTS = 1_000;

const DAY_MS = 86_400_000;

export function kindOf(scope: Scope): { kind: "days" | "last"; count: number } {
  const [kind, count] = scope.split("-");
  return { kind: kind === "days" ? "days" : "last", count: Number(count) };
}

export function whichEvents(scope: Scope, now: Date): WhichEvents {
  const { kind, count } = kindOf(scope);
  if (kind === "last") return { last: count };
  return { since: new Date(now.getTime() - count * DAY_MS).toISOString() };
}
