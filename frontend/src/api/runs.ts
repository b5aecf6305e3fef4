import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { Happening, Page, RetriedAll, Run, RunStatus, RunSummary, Simulation } from "./types";

export interface RunFilter {
  workflow_id?: string;
  status?: RunStatus;
  /** Part of an order's name or of a customer's address. */
  search?: string;
  /** RFC 3339; inclusive. */
  since?: string;
  /** RFC 3339; exclusive. */
  until?: string;
}

export const RUN_STATUSES: readonly RunStatus[] = [
  "queued",
  "running",
  "waiting",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
  "quarantined",
];

export const isRunStatus = (text: unknown): text is RunStatus =>
  RUN_STATUSES.some((status) => status === text);

const of = (id: string) => ({ path: { run_id: id } });

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ["runs", filter],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<RunSummary>>(
        api.GET("/api/runs", {
          params: { query: { ...filter, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

/** How many runs the filter lets through, by their state. */
export const tallyQuery = (filter: RunFilter) =>
  queryOptions({
    queryKey: ["runs", "tally", filter],
    queryFn: async ({ signal }) => {
      const { by_status: counts } = await answer<{
        by_status: Partial<Record<RunStatus, number>>;
      }>(api.GET("/api/runs/tally", { params: { query: filter }, signal }));
      return counts;
    },
  });

/** What happened to an order or a customer: events, also those that started nothing. */
export const happeningsQuery = (search: string) =>
  queryOptions({
    queryKey: ["events", "happenings", search],
    queryFn: ({ signal }) =>
      answer<Page<Happening>>(
        api.GET("/api/happenings", { params: { query: { search, limit: 20 } }, signal }),
      ),
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => answer<Run>(api.GET("/api/runs/{run_id}", { params: of(id), signal })),
  });

export const cancelRun = (id: string): Promise<RunSummary> =>
  answer(api.POST("/api/runs/{run_id}/cancel", { params: of(id) }));

/** `sendAgain` answers the question that a step with an unknown outcome asks. */
export const retryRun = (id: string, sendAgain = false): Promise<RunSummary> =>
  answer(api.POST("/api/runs/{run_id}/retry", { params: of(id), body: { send_again: sendAgain } }));

/** Goes on until every failed run that fits has been looked at. */
export async function retryAll(filter: RunFilter): Promise<Omit<RetriedAll, "next">> {
  const sum = { retried: 0, asking: 0 };
  let after: string | null = null;
  do {
    const body = { ...filter, after };
    const done: RetriedAll = await answer(api.POST("/api/runs/retry", { body }));
    sum.retried += done.retried;
    sum.asking += done.asking;
    after = done.next;
  } while (after !== null);
  return sum;
}

/** Ends a step's wait now, as if its time had come. */
export const releaseWait = ({ id, nodeId, iteration }: WaitPlace): Promise<RunSummary> =>
  answer(
    api.POST("/api/runs/{run_id}/release", {
      params: of(id),
      body: { node_id: nodeId, iteration },
    }),
  );

interface WaitPlace {
  id: string;
  nodeId: string;
  iteration: string;
}

/** Plays a run's event once more with the workflow as it is drawn today; nothing is sent. */
export const playAgain = (run: Run): Promise<Simulation> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/simulate", {
      params: { path: { workflow_id: run.workflow_id } },
      body: {
        use: "draft",
        event: { type: run.event.type, data: run.event.data, sample: false },
        at: run.created_at,
        ...(run.contact ? { contact: run.contact } : {}),
      },
    }),
  );

export const resumeRun = (id: string): Promise<RunSummary> =>
  answer(api.POST("/api/runs/{run_id}/resume", { params: of(id) }));

/** Acts on runs and asks for them and the lists again, whatever came of it. */
export const useRunChange = <Input, Output = RunSummary>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
) => useChange(act, ["runs", "run"], answered);
