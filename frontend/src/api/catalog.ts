import { queryOptions, useQuery } from "@tanstack/react-query";

import { request } from "./request";
import type { App, NodeType } from "./types";

/** The catalogue changes only when the server is updated, so one answer lasts the visit. */
export const nodeTypesQuery = queryOptions({
  queryKey: ["node-types"],
  queryFn: ({ signal }) => request<{ items: NodeType[] }>("GET", "/api/node-types", { signal }),
  select: (page) => page.items,
  staleTime: Infinity,
});

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: ({ signal }) => request<{ items: App[] }>("GET", "/api/apps", { signal }),
  select: (page) => page.items,
  staleTime: Infinity,
});

export const useNodeTypes = () => useQuery(nodeTypesQuery);
export const useApps = () => useQuery(appsQuery);
