import { queryOptions } from "@tanstack/react-query";

import { request } from "./request";
import type { ApiToken, Page, Workspace } from "./types";

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => request<Page<ApiToken>>("GET", "/api/tokens", { signal }),
  select: (page) => page.items,
});

/** The only answer that carries the token itself. */
export const createToken = (name: string): Promise<ApiToken & { token: string }> =>
  request("POST", "/api/tokens", { body: { name } });

export const deleteToken = (id: string): Promise<void> =>
  request("DELETE", `/api/tokens/${encodeURIComponent(id)}`);

export const changeWorkspace = (change: Partial<Omit<Workspace, "id">>): Promise<Workspace> =>
  request("PATCH", "/api/workspace", { body: change });
