import { queryOptions, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";

import { answer, api, rememberCsrf } from "./client";
import { readProblem } from "./problem";
import type { Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => remember(await readSession()),
  staleTime: 60_000,
});

/** Unlike every other request this one may well find out that nobody is signed in. */
async function readSession(): Promise<Session> {
  const { data, error, response } = await api.GET("/api/session");
  if (!data) throw readProblem(response.status, error);
  return data as Session;
}

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
  answer(api.POST("/api/session", { body: { email, password } }));

export const signInByLink = (token: string): Promise<Session> =>
  answer(api.POST("/api/login-links/{token}", { params: { path: { token } } }));

export const signOut = (): Promise<void> => answer(api.DELETE("/api/session"));

interface NewPassword {
  /** The password that it replaces, once there is one. */
  current?: string;
  new: string;
  /** The address to sign in with, while there is none. */
  email?: string;
}

/** Every other browser is signed out; this one gets a new session. */
export const setPassword = (change: NewPassword): Promise<Session> =>
  answer(api.POST("/api/password", { body: change }));
