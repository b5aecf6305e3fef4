import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { Page, Run, RunStatus, RunSummary } from "./types";

export interface RunFilter {
  workflow_id?: string;
  status?: RunStatus;
  /** Part of an order's name or of a customer's address. */
  search?: string;
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

export const resumeRun = (id: string): Promise<RunSummary> =>
  answer(api.POST("/api/runs/{run_id}/resume", { params: of(id) }));

/** Acts on one run and asks for it and the lists again, whatever came of it. */
export function useRunChange<Input>(act: (input: Input) => Promise<RunSummary>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["runs"] }),
        client.invalidateQueries({ queryKey: ["run"] }),
      ]),
  });
}
