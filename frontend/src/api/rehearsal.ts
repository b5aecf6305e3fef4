import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { components } from "./schema";
import type { Json, RunError, RunStatus, Simulation, StepStatus } from "./types";

type Schemas = components["schemas"];
type With<Base, Fields> = Omit<Base, keyof Fields> & Fields;

/** What came of an event in one version; all but `starts` is empty where it starts none. */
export type RehearsedEnd = With<
  Schemas["RehearsedEnd"],
  { status: RunStatus | null; error: RunError | null }
>;
export type RehearsedStep = With<
  Schemas["RehearsedStep"],
  { status: StepStatus; error: RunError | null }
>;
export interface StepDifference {
  node_id: string;
  iteration: string;
  live: RehearsedStep | null;
  draft: RehearsedStep | null;
}
export type RehearsedMessage = Schemas["SimulatedMessage"];
export interface MessageDifference {
  live: RehearsedMessage | null;
  draft: RehearsedMessage | null;
}
export type RehearsedRequest = With<Schemas["SimulatedRequest"], { body: Json }>;
export interface RequestDifference {
  live: RehearsedRequest | null;
  draft: RehearsedRequest | null;
}

/** An event of which the draft makes something else than the live version. */
export type RehearsedEvent = With<
  Schemas["RehearsedEvent"],
  {
    live: RehearsedEnd;
    draft: RehearsedEnd;
    steps: StepDifference[];
    messages: MessageDifference[];
    requests: RequestDifference[];
  }
>;
export type Rehearsal = With<Schemas["Rehearsal"], { items: RehearsedEvent[] }>;

/** One event in full, on both versions; `null` where it starts no run. */
export type RehearsedRuns = With<
  Schemas["RehearsedRuns"],
  { live: Simulation | null; draft: Simulation | null }
>;

/** The newest `last` events, or those `since` a time (RFC 3339). */
export type WhichEvents = { readonly last: number } | { readonly since: string };

/** One page; `cursor` is the `next` of the page before. Takes some seconds at most. */
export const rehearse = (
  workflowId: string,
  which: WhichEvents,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Rehearsal> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/rehearse", {
      params: { path: { workflow_id: workflowId } },
      body: { ...which, cursor },
      signal,
    }),
  );

interface WhichRuns {
  workflowId: string;
  eventId: string;
  /** Of the draft, and the number of what is live: for as long as both stay, so does the answer. */
  revision: number;
  liveVersion: number | null;
}

export const rehearsedRunsQuery = ({ workflowId, eventId, ...drawn }: WhichRuns) =>
  queryOptions({
    queryKey: ["rehearsal", workflowId, eventId, drawn],
    queryFn: ({ signal }) =>
      answer<RehearsedRuns>(
        api.POST("/api/workflows/{workflow_id}/rehearse/{event_id}", {
          params: { path: { workflow_id: workflowId, event_id: eventId } },
          signal,
        }),
      ),
    staleTime: "static",
  });
