import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "./request";
import type { Connection, JsonObject, Page } from "./types";

const one = (id: string) => `/api/connections/${encodeURIComponent(id)}`;

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) =>
    request<Page<Connection>>("GET", "/api/connections", { query: { limit: 100 }, signal }),
  select: (page) => page.items,
});

export const useConnections = () => useQuery(connectionsQuery);

export interface NewConnection {
  app: string;
  name: string;
  settings: JsonObject;
  secrets: Record<string, string>;
  /** Keeps it although the app refused the test. */
  save_anyway?: boolean;
}

/** A secret that is shown this once, when the server made it. */
export interface Revealed {
  signing_secret?: string | null;
}

/** Tested before it is saved: 422 with the app's own words when it refuses. */
export const createConnection = (connection: NewConnection): Promise<Connection & Revealed> =>
  request("POST", "/api/connections", { body: connection });

/** Secrets that are left out stay as they are. */
export const changeConnection = (
  id: string,
  change: Partial<Omit<NewConnection, "app">>,
): Promise<Connection & Revealed> => request("PATCH", one(id), { body: change });

export const deleteConnection = (id: string): Promise<void> => request("DELETE", one(id));

export const testConnection = (id: string): Promise<Connection> =>
  request("POST", `${one(id)}/test`);

/** Sets the given signing secret, or has one made; the old one counts for 24 hours more. */
export const renewSigningSecret = (id: string, secret?: string): Promise<Revealed> =>
  request("POST", `${one(id)}/signing-secret`, { body: secret ? { secret } : {} });

export function useConnectionChange<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
}
