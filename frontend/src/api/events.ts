import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { EventSummary, Page, StoredEvent } from "./types";

const of = (id: string) => ({ path: { event_id: id } });

export const eventsQuery = (type = "") =>
  infiniteQueryOptions({
    queryKey: ["events", { type }],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<EventSummary>>(
        api.GET("/api/events", {
          params: { query: { type: type || null, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["events", id],
    queryFn: ({ signal }) =>
      answer<StoredEvent>(api.GET("/api/events/{event_id}", { params: of(id), signal })),
  });

/** The event happens once more, as a new one, for the workflows that are active now. */
export const replayEvent = (id: string): Promise<{ id: string }> =>
  answer(api.POST("/api/events/{event_id}/replay", { params: of(id) }));
