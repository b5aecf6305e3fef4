import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

type Query = Pick<UseQueryResult, "isPending" | "failureCount">;

/**
 * Whether each question has been answered once, or did not get its first answer: what is drawn from
 * then on all at once does not push away what somebody has begun to read.
 */
export function useKnownOnce(...queries: readonly Query[]): boolean {
  const [wasKnown, remember] = useState(false);
  const isKnown = queries.every(({ isPending, failureCount }) => !isPending || failureCount > 0);
  if (isKnown && !wasKnown) remember(true);
  return isKnown || wasKnown;
}
