import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { components } from "./schema";

export type ChoiceList = components["schemas"]["ChoiceList"];

export interface Asked {
  /** Under which the step's app offers them: `tags`. */
  name: string;
  nodeType: string;
  /** The connection that the step names; `null` for the usual one. */
  connection: string | null;
  search: string;
}

const FRESH_MS = 60_000;

/** What a setting could be, as the connected app knows it. */
export const choicesQuery = ({ name, nodeType, connection, search }: Asked) =>
  queryOptions({
    queryKey: ["choices", name, nodeType, connection, search],
    queryFn: ({ signal }) =>
      answer<ChoiceList>(
        api.GET("/api/choices/{name}", {
          params: { path: { name }, query: { node_type: nodeType, connection, search } },
          signal,
        }),
      ),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    retry: false,
  });
