import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { ApiToken, Page, Workspace } from "./types";

const MOST = 100;

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) =>
    answer<Page<ApiToken>>(api.GET("/api/tokens", { params: { query: { limit: MOST } }, signal })),
  select: (page) => page.items,
});

/** The only answer that carries the token itself. */
export const createToken = (name: string): Promise<ApiToken & { token: string }> =>
  answer(api.POST("/api/tokens", { body: { name } }));

export const deleteToken = (id: string): Promise<void> =>
  answer(api.DELETE("/api/tokens/{token_id}", { params: { path: { token_id: id } } }));

export const changeWorkspace = (change: Partial<Omit<Workspace, "id">>): Promise<Workspace> =>
  answer(api.PATCH("/api/workspace", { body: change }));
