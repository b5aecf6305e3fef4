import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import { request } from "./request";
import type {
  Graph,
  Json,
  JsonObject,
  Page,
  Problem,
  Simulation,
  Workflow,
  WorkflowSummary,
  WorkflowVersion,
} from "./types";

const one = (id: string) => `/api/workflows/${encodeURIComponent(id)}`;

export const workflowsQuery = (search = "") =>
  infiniteQueryOptions({
    queryKey: ["workflows", { search }],
    queryFn: ({ pageParam, signal }) =>
      request<Page<WorkflowSummary>>("GET", "/api/workflows", {
        query: { search, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id],
    queryFn: ({ signal }) => request<Workflow>("GET", one(id), { signal }),
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "versions"],
    queryFn: ({ signal }) =>
      request<{ items: WorkflowVersion[] }>("GET", `${one(id)}/versions`, { signal }),
  });

export const createWorkflow = (draft: {
  name?: string;
  graph?: Graph;
  from?: string;
}): Promise<Workflow> => request("POST", "/api/workflows", { body: draft });

export const renameWorkflow = (id: string, name: string): Promise<Workflow> =>
  request("PATCH", one(id), { body: { name } });

export const deleteWorkflow = (id: string): Promise<void> => request("DELETE", one(id));

export const undeleteWorkflow = (id: string): Promise<Workflow> =>
  request("POST", `${one(id)}/undelete`);

/** A stale revision is refused with 409; its problem carries the server's revision and graph. */
export const saveDraft = (
  id: string,
  draft: { graph: Graph; revision: number },
  keepalive = false,
): Promise<{ revision: number; problems: Problem[] }> =>
  request("PUT", `${one(id)}/draft`, { body: draft, keepalive });

export const validateGraph = (graph: Graph): Promise<{ problems: Problem[] }> =>
  request("POST", "/api/workflows/validate", { body: { graph } });

/** Refused with 422 and `problems` while the draft has errors. */
export const activate = (id: string): Promise<{ version: number; state: string }> =>
  request("POST", `${one(id)}/activate`);

export type Waiting = "finish" | "pause" | "cancel";

export const deactivate = (id: string, waiting: Waiting = "finish"): Promise<{ state: string }> =>
  request("POST", `${one(id)}/deactivate`, { body: { waiting } });

export const restoreVersion = (id: string, version: number): Promise<Workflow> =>
  request("POST", `${one(id)}/versions/${version}/restore`);

export interface Scenario {
  graph: Graph;
  event: { type: string; data: JsonObject };
  contact?: JsonObject;
  at?: string;
  answers?: Record<string, Json>;
  then?: { after: string; event: { type: string; data: JsonObject } }[];
}

export const simulate = (scenario: Scenario, signal?: AbortSignal): Promise<Simulation> =>
  request(
    "POST",
    "/api/workflows/simulate",
    signal ? { body: scenario, signal } : { body: scenario },
  );

/** The run itself appears within moments. */
export const startRun = (
  id: string,
  start: { data: JsonObject; contact?: string },
): Promise<{ event_id: string }> => request("POST", `${one(id)}/runs`, { body: start });

/** Changes workflows and asks the lists again, whatever came of it. */
export function useWorkflowChange<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["workflows"] }),
        client.invalidateQueries({ queryKey: ["workflow"] }),
      ]),
  });
}
