import { queryOptions, useQuery } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import type { Connection, JsonObject, Page } from "./types";

const of = (id: string) => ({ path: { connection_id: id } });
const MOST = 200;

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) =>
    answer<Page<Connection>>(
      api.GET("/api/connections", { params: { query: { limit: MOST } }, signal }),
    ),
  select: (page) => page.items,
});

export const useConnections = () => useQuery(connectionsQuery);

export interface NewConnection {
  app: string;
  name: string;
  settings: JsonObject;
  secrets: Record<string, string>;
  /** Steps of its channel use it when they choose none. */
  is_default: boolean;
  /** Keeps it although the app refused the test. */
  save_anyway: boolean;
}

/** A secret that is shown this once, when the server made it. */
export interface Revealed {
  signing_secret?: string | null;
}

/** Tested before it is saved: 422 with the app's own words when it refuses. */
export const createConnection = (connection: NewConnection): Promise<Connection & Revealed> =>
  answer(api.POST("/api/connections", { body: connection }));

/** Secrets that are left out stay as they are. */
export const changeConnection = (
  id: string,
  change: Partial<Omit<NewConnection, "app">>,
): Promise<Connection & Revealed> =>
  answer(api.PATCH("/api/connections/{connection_id}", { params: of(id), body: change }));

/** The answer names the active workflows that used it; their steps fail until one is chosen. */
export const deleteConnection = (
  id: string,
): Promise<{ workflows: { id: string; name: string }[] }> =>
  answer(api.DELETE("/api/connections/{connection_id}", { params: of(id) }));

export const testConnection = (id: string): Promise<Connection> =>
  answer(api.POST("/api/connections/{connection_id}/test", { params: of(id) }));

/** Sets the given signing secret, or has one made; the former one counts for 24 hours more. */
export const renewSigningSecret = (id: string, secret: string): Promise<Revealed> =>
  answer(
    api.POST("/api/connections/{connection_id}/signing-secret", {
      params: of(id),
      body: { secret: secret || null },
    }),
  );

export const useConnectionChange = <Input, Output>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
) => useChange(act, ["connections"], answered);
