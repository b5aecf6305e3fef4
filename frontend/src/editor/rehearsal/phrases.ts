import type { TFunction } from "i18next";

import type { MessageDifference, RehearsedEvent, StepDifference } from "@/api/rehearsal";
import type { RunStatus, StepStatus } from "@/api/types";
import type { Formats } from "@/ui/formats";

import { type Drawn, portName, stepName } from "./drawing";
import { delayOf, laterEndOf, isOtherMessage, isOtherRequest } from "./kinds";

export interface Around {
  readonly t: TFunction<"rehearsal">;
  readonly formats: Formats;
  readonly live: Drawn;
  readonly draft: Drawn;
  /** What a state is called: "Failed". */
  readonly statusName: (status: RunStatus | StepStatus) => string;
  readonly channelName: (channel: string) => string;
}

/** What the draft would do otherwise, the weightiest first, each in some words. */
export function phrasesOf(event: RehearsedEvent, around: Around): readonly string[] {
  const { live, draft } = event;
  if (!draft.starts) return [around.t("does.startsNot")];
  if (!live.starts) return [startsPhrase(event, around)];
  return [
    ...stepPhrases(event.steps, around),
    ...messagePhrases(event, around),
    ...requestPhrases(event, around),
    ...endPhrases(event, around),
    ...timePhrases(event, around),
  ];
}

function startsPhrase({ steps }: RehearsedEvent, { t, draft }: Around): string {
  const done = steps.filter((step) => step.draft !== null && step.draft.status !== "skipped");
  const names = done.slice(1).map(({ node_id }) => stepName(draft, node_id));
  return names.length === 0 ? t("does.starts") : t("does.startsWith", { path: names.join(" → ") });
}

function stepPhrases(steps: readonly StepDifference[], around: Around): string[] {
  const { t, live, draft } = around;
  const lost = onceEach(steps.filter((step) => step.draft === null));
  const made = onceEach(steps.filter((step) => step.live === null));
  return [
    ...steps.flatMap((step) => turnPhrase(step, around)),
    ...made.map((id) => t("does.also", { step: stepName(draft, id) })),
    ...lost.map((id) => t("does.without", { step: stepName(live, id) })),
  ];
}

/** A step that both take, and leave or end otherwise. */
function turnPhrase({ node_id, live, draft }: StepDifference, around: Around): string[] {
  if (live === null || draft === null) return [];
  const { t, statusName } = around;
  const step = stepName(around.draft, node_id);
  if (live.status !== draft.status) {
    const [from, to] = [statusName(live.status), statusName(draft.status)];
    return [t("does.status", { step, from, to })];
  }
  const [from, to] = [
    portName(around.live, node_id, live.port),
    portName(around.draft, node_id, draft.port),
  ];
  return [to === "" ? t("does.otherwise", { step }) : t("does.port", { step, from, to })];
}

function messagePhrases({ messages, steps }: RehearsedEvent, around: Around): string[] {
  const oneSided = new Set(steps.filter(isOneSided).map(({ node_id }) => node_id));
  return messages
    .filter(isOtherMessage)
    .filter(({ live, draft }) => !oneSided.has((draft ?? live)?.node_id ?? ""))
    .map((message) => messagePhrase(message, around));
}

function messagePhrase({ live, draft }: MessageDifference, { t, channelName }: Around): string {
  const shown = draft ?? live;
  const words = { channel: channelName(shown?.channel ?? ""), to: shown?.to ?? "" };
  if (live === null) return t("does.message.also", words);
  if (draft === null) return t("does.message.without", words);
  if (live.to !== draft.to) return t("does.message.to", { ...words, from: live.to });
  if (live.text === draft.text && live.subject !== draft.subject)
    return t("does.message.subject", words);
  return t("does.message.text", words);
}

function requestPhrases({ requests, steps }: RehearsedEvent, { t, draft }: Around): string[] {
  const oneSided = new Set(steps.filter(isOneSided).map(({ node_id }) => node_id));
  const other = requests
    .filter(isOtherRequest)
    .map((request) => (request.draft ?? request.live)?.node_id ?? "")
    .filter((id) => !oneSided.has(id));
  return [...new Set(other)].map((id) => t("does.request", { step: stepName(draft, id) }));
}

function endPhrases({ live, draft }: RehearsedEvent, { t, statusName }: Around): string[] {
  const [was, is] = [live.status, draft.status];
  const found: string[] = [];
  if (was !== null && is !== null && was !== is)
    found.push(t("does.end", { from: statusName(was), to: statusName(is) }));
  else if (draft.error !== null && live.error?.message !== draft.error.message)
    found.push(draft.error.message);
  if (live.stop_label !== draft.stop_label)
    found.push(
      draft.stop_label ? t("does.stopsAt", { label: draft.stop_label }) : t("does.stopsNot"),
    );
  if (live.stopped !== draft.stopped && draft.stopped) found.push(draft.stopped);
  if (live.counts_as !== draft.counts_as)
    found.push(
      draft.counts_as ? t("does.countsAs", { key: draft.counts_as }) : t("does.countsAlone"),
    );
  return found;
}

/** When what leaves does so, if that differs; else when all is done. */
function timePhrases(event: RehearsedEvent, { t, formats }: Around): string[] {
  const delay = delayOf(event);
  const ends = laterEndOf(event);
  const duration = formats.duration(Math.abs(delay || ends));
  if (delay !== 0) return [t(delay > 0 ? "does.later" : "does.sooner", { duration })];
  if (ends !== 0) return [t(ends > 0 ? "does.endsLater" : "does.endsSooner", { duration })];
  return [];
}

const isOneSided = ({ live, draft }: StepDifference) => live === null || draft === null;

const onceEach = (steps: readonly StepDifference[]) => [
  ...new Set(steps.map(({ node_id }) => node_id)),
];
