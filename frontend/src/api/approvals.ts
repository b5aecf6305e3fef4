import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import { usePollInterval } from "./stream";
import type { Approval, Decision, Page } from "./types";

export interface ApprovalFilter {
  state: "open" | "closed";
  /** Only what waits for whoever is signed in, or did. */
  mine: boolean;
}

const of = (id: string) => ({ path: { approval_id: id } });

export const approvalsQuery = ({ state, mine }: ApprovalFilter) =>
  infiniteQueryOptions({
    queryKey: ["approvals", { state, mine }],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<Approval>>(
        api.GET("/api/approvals", {
          params: { query: { state, mine, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

const tallyQuery = queryOptions({
  queryKey: ["approvals", "tally"],
  queryFn: ({ signal }) =>
    answer<{ mine: number; open: number }>(api.GET("/api/approvals/tally", { signal })),
});

/** How many decisions and tasks wait for whoever is signed in; 0 until it is known. */
export function useWaitingForMe(): number {
  const { data } = useQuery({ ...tallyQuery, refetchInterval: usePollInterval() });
  return data?.mine ?? 0;
}

export interface Decided {
  id: string;
  decision: Decision;
  comment: string;
}

/** Counts once; a later one is refused with who decided what, and when. */
export const decide = ({ id, decision, comment }: Decided): Promise<Approval> =>
  answer(api.POST("/api/approvals/{approval_id}", { params: of(id), body: { decision, comment } }));

export const tick = ({
  id,
  number,
  done,
}: {
  id: string;
  number: number;
  done: boolean;
}): Promise<Approval> =>
  answer(
    api.PUT("/api/approvals/{approval_id}/items/{number}", {
      params: { path: { approval_id: id, number } },
      body: { done },
    }),
  );

/** Changes of one `lane` go one after the other, in the order in which they were made. */
export const useApprovalChange = <Input, Output>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
  lane?: string,
) => useChange(act, ["approvals"], answered, lane);
