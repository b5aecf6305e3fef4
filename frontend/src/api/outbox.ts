import { infiniteQueryOptions } from "@tanstack/react-query";

import { request } from "./request";
import type { OutboxMessage, Page } from "./types";

export const outboxQuery = (channel = "") =>
  infiniteQueryOptions({
    queryKey: ["outbox", { channel }],
    queryFn: ({ pageParam, signal }) =>
      request<Page<OutboxMessage>>("GET", "/api/outbox", {
        query: { channel, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
