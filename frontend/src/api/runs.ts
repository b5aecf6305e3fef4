import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { request } from "./request";
import type { Page, Run, RunSummary } from "./types";

export interface RunFilter {
  workflow_id?: string;
  status?: string;
  /** A customer's name, e-mail or telephone number, or an order's name. */
  contact?: string;
}

const one = (id: string) => `/api/runs/${encodeURIComponent(id)}`;

export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ["runs", filter],
    queryFn: ({ pageParam, signal }) =>
      request<Page<RunSummary>>("GET", "/api/runs", {
        query: { ...filter, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => request<Run>("GET", one(id), { signal }),
  });

export const cancelRun = (id: string): Promise<RunSummary> => request("POST", `${one(id)}/cancel`);
/** `sendAgain` answers the question that a step with an unknown outcome asks. */
export const retryRun = (id: string, sendAgain = false): Promise<RunSummary> =>
  request("POST", `${one(id)}/retry`, { body: { send_again: sendAgain } });
export const resumeRun = (id: string): Promise<RunSummary> => request("POST", `${one(id)}/resume`);

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
