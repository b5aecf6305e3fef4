import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { request } from "./request";
import type { EventSummary, JsonObject, Page, StoredEvent } from "./types";

export const eventsQuery = (type = "") =>
  infiniteQueryOptions({
    queryKey: ["events", { type }],
    queryFn: ({ pageParam, signal }) =>
      request<Page<EventSummary>>("GET", "/api/events", {
        query: { type, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["events", id],
    queryFn: ({ signal }) =>
      request<StoredEvent>("GET", `/api/events/${encodeURIComponent(id)}`, { signal }),
    staleTime: Infinity,
  });

export const sendEvent = (event: {
  type: string;
  data: JsonObject;
  id?: string;
  contact?: string;
}): Promise<{ id: string; duplicate: boolean }> => request("POST", "/api/events", { body: event });
