import { QueryClient } from "@tanstack/react-query";

import { ApiProblem } from "@/api/problem";

/** Asks again only when asking again can help: no answer, or a server that was busy. */
function worthAnotherTry(failures: number, reason: Error): boolean {
  if (failures >= 2) return false;
  return reason instanceof ApiProblem && (reason.status === 0 || reason.status >= 500);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: worthAnotherTry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
