import type { MessageDifference, RehearsedEvent, RequestDifference } from "@/api/rehearsal";

/** In what a draft and what is live may differ, the weightiest first. */
export const KINDS = [
  "startsNot",
  "starts",
  "path",
  "messages",
  "requests",
  "ending",
  "counting",
  "timing",
] as const;
export type Kind = (typeof KINDS)[number];

/** In what the two versions differ for one event. One that only one of them starts with has no
 * other kind: everything else follows from that. */
export function kindsOf(event: RehearsedEvent): readonly Kind[] {
  const { live, draft } = event;
  if (live.starts !== draft.starts) return [draft.starts ? "starts" : "startsNot"];
  const found: Record<Kind, boolean> = {
    startsNot: false,
    starts: false,
    path: event.steps.length > 0,
    messages: event.messages.some(isOtherMessage),
    requests: event.requests.some(isOtherRequest),
    ending: endingOf(live) !== endingOf(draft),
    counting: live.counts_as !== draft.counts_as,
    timing: delayOf(event) !== 0 || laterEndOf(event) !== 0,
  };
  return KINDS.filter((kind) => found[kind]);
}

/** How often each kind occurs, for those that do. */
export function tallyOf(events: readonly RehearsedEvent[]): ReadonlyMap<Kind, number> {
  const all = events.flatMap(kindsOf);
  const counted = KINDS.map((kind) => [kind, all.filter((one) => one === kind).length] as const);
  return new Map(counted.filter(([, count]) => count > 0));
}

/** Whether more differs than the time. */
export function isOtherMessage({ live, draft }: MessageDifference): boolean {
  if (live === null || draft === null) return true;
  const said = [live, draft].map(({ channel, to, subject, text, html }) =>
    JSON.stringify([channel, to, subject, text, html]),
  );
  return said[0] !== said[1];
}

/** Whether more differs than the time. */
export function isOtherRequest({ live, draft }: RequestDifference): boolean {
  if (live === null || draft === null) return true;
  const said = [live, draft].map(({ method, url, headers, body, form }) =>
    JSON.stringify([method, url, headers, body, form]),
  );
  return said[0] !== said[1];
}

/** By how many milliseconds the draft's first message or request at another time is later; 0 where
 * all leave at the same time. */
export function delayOf({ messages, requests }: RehearsedEvent): number {
  const both = [...messages, ...requests].map((each) => between(each.live?.at, each.draft?.at));
  return both.find((delay) => delay !== 0) ?? 0;
}

/** By how many milliseconds the draft ends later; 0 where a step leaves otherwise, because then two
 * different ways would be compared. */
export function laterEndOf({ live, draft, steps }: RehearsedEvent): number {
  const isTurned = steps.some((step) => step.live !== null && step.draft !== null);
  return isTurned ? 0 : between(live.ended_at, draft.ended_at);
}

function between(live: string | null | undefined, draft: string | null | undefined): number {
  return live && draft ? new Date(draft).getTime() - new Date(live).getTime() : 0;
}

function endingOf({ status, stop_label, error, stopped }: RehearsedEvent["live"]): string {
  return JSON.stringify([status, stop_label, error?.message, stopped]);
}
