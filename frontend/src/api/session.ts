import { queryOptions, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";

import { rememberCsrf, request } from "./request";
import type { Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => remember(await request<Session>("GET", "/api/session")),
  staleTime: 60_000,
});

function remember(session: Session): Session {
  rememberCsrf(session.csrf);
  return session;
}

/** Who is signed in; only for screens behind the sign-in. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Makes a session that the server just answered with the one of this browser. */
export function useEnter(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => client.setQueryData(sessionQuery.queryKey, remember(session));
}

export const signIn = (email: string, password: string): Promise<Session> =>
  request("POST", "/api/session", { body: { email, password } });

export const signInByLink = (token: string): Promise<Session> =>
  request("POST", `/api/login-links/${encodeURIComponent(token)}`);

export const signOut = (): Promise<void> => request("DELETE", "/api/session");

/** Every other browser is signed out; this one gets a new session. */
export const setPassword = (change: {
  current?: string;
  new: string;
  email?: string;
}): Promise<Session> => request("POST", "/api/password", { body: change });
