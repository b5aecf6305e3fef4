import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { components } from "./schema";
import type { Page } from "./types";

type Schemas = components["schemas"];

export type WaitingRun = Schemas["WaitingRun"];
export type WorkflowNumbers = Schemas["WorkflowNumbers"];
export type StepNumbers = Schemas["StepNumbers"];
export type Batch = Schemas["BatchShape"];
export type Selection = Schemas["Selection"];
export type BatchCount = Schemas["Count"];
export type Deed = Schemas["EndWaits"]["deed"];
export type Period = "24h" | "7d" | "30d";

export const PERIODS: readonly Period[] = ["24h", "7d", "30d"];

const SOON_MS = 1_000;
const NOW_AND_THEN_MS = 30_000;

const of = (id: string) => ({ path: { workflow_id: id } });
const batchOf = (id: string) => ({ path: { batch_id: id } });

/** What came of each step of a workflow, and who waits where. */
export const numbersQuery = (id: string, period: Period) =>
  queryOptions({
    queryKey: ["runs", "numbers", id, period],
    queryFn: ({ signal }) =>
      answer<WorkflowNumbers>(
        api.GET("/api/workflows/{workflow_id}/numbers", {
          params: { ...of(id), query: { period } },
          signal,
        }),
      ),
  });

export const waitingQuery = (id: string, nodeId: string | null) =>
  infiniteQueryOptions({
    queryKey: ["runs", "waiting", id, nodeId],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<WaitingRun>>(
        api.GET("/api/workflows/{workflow_id}/waiting", {
          params: { ...of(id), query: { node_id: nodeId, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

interface Ending {
  id: string;
  deed: Deed;
  /** The chosen waits; `null`: all of the workflow, or of the step. */
  places: readonly WaitingRun[] | null;
  nodeId: string | null;
}

export interface Ended {
  ended: number;
  words: string | null;
}

/** Ends waits by hand, all of them piece by piece. */
export async function endWaits({ id, deed, places, nodeId }: Ending): Promise<Ended> {
  const sum: Ended = { ended: 0, words: null };
  let cursor: string | null = null;
  do {
    const done: Schemas["WaitsEnded"] = await answer(
      api.POST("/api/workflows/{workflow_id}/waits/end", {
        params: of(id),
        body: {
          deed,
          places: places?.map(({ run_id, token_id }) => ({ run_id, token_id })) ?? null,
          node_id: nodeId,
          cursor,
        },
      }),
    );
    sum.ended += done.ended;
    sum.words ??= done.words;
    cursor = done.next ?? null;
  } while (cursor !== null);
  return sum;
}

export const troublesQuery = queryOptions({
  queryKey: ["runs", "troubles"],
  queryFn: ({ signal }) => answer<Schemas["TroubleList"]>(api.GET("/api/troubles", { signal })),
  refetchInterval: NOW_AND_THEN_MS,
});

export const batchesQuery = (id: string) =>
  queryOptions({
    queryKey: ["runs", "batches", id],
    queryFn: ({ signal }) =>
      answer<{ items: Batch[] }>(
        api.GET("/api/workflows/{workflow_id}/batches", { params: of(id), signal }),
      ),
    select: (found) => found.items,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === "running") ? SOON_MS : false,
  });

/** How many records would be started; nothing is. */
export const countBatch = (id: string, selection: Selection): Promise<BatchCount> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/batches/count", { params: of(id), body: selection }),
  );

export const startBatch = (id: string, selection: Selection): Promise<Batch> =>
  answer(api.POST("/api/workflows/{workflow_id}/batches", { params: of(id), body: selection }));

export const STEERING = {
  pause: (id: string): Promise<Batch> =>
    answer(api.POST("/api/batches/{batch_id}/pause", { params: batchOf(id) })),
  resume: (id: string): Promise<Batch> =>
    answer(api.POST("/api/batches/{batch_id}/resume", { params: batchOf(id) })),
  stop: (id: string): Promise<Batch> =>
    answer(api.POST("/api/batches/{batch_id}/stop", { params: batchOf(id) })),
};

/** Acts on what is under way and asks for it again, whatever came of it. */
export const useUnderwayChange = <Input, Output>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
) => useChange(act, ["runs"], answered);
