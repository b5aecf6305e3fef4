import { infiniteQueryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { OutboxMessage, Page } from "./types";

export const outboxQuery = (channel = "") =>
  infiniteQueryOptions({
    queryKey: ["outbox", { channel }],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<OutboxMessage>>(
        api.GET("/api/outbox", {
          params: { query: { channel: channel || null, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });
