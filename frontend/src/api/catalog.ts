import { queryOptions, useQuery } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { App, NodeType } from "./types";

/** The catalogue changes only when the server is updated, so one answer lasts the visit. */
export const nodeTypesQuery = queryOptions({
  queryKey: ["node-types"],
  queryFn: ({ signal }) => answer<{ items: NodeType[] }>(api.GET("/api/node-types", { signal })),
  select: (page) => page.items,
  staleTime: Infinity,
});

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: ({ signal }) => answer<{ items: App[] }>(api.GET("/api/apps", { signal })),
  select: (page) => page.items,
  staleTime: Infinity,
});

export const useNodeTypes = () => useQuery(nodeTypesQuery);
export const useApps = () => useQuery(appsQuery);
