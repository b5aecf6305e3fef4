import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import { ApiProblem } from "./problem";

export type StorageTrouble = "storage_full" | "storage_failing";

const NOW_AND_THEN_MS = 60_000;
const SOON_MS = 5_000;

/** What keeps the server from writing anything down, if something does. */
export const storageQuery = queryOptions({
  queryKey: ["storage"],
  queryFn: async ({ signal }): Promise<StorageTrouble | null> => {
    try {
      await answer(api.GET("/readyz", { signal }));
    } catch (reason) {
      if (reason instanceof ApiProblem && isTrouble(reason.code)) return reason.code;
    }
    return null;
  },
  refetchInterval: ({ state }) => (state.data ? SOON_MS : NOW_AND_THEN_MS),
});

export const isTrouble = (code: string): code is StorageTrouble =>
  code === "storage_full" || code === "storage_failing";
