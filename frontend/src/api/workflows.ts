import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { type Answered, useChange } from "./change";
import { answer, api } from "./client";
import { byPage, PAGE_SIZE } from "./pages";
import type { components } from "./schema";
import type {
  Graph,
  JsonObject,
  Page,
  Problem,
  RecentRuns,
  Simulation,
  Workflow,
  WorkflowFile,
  WorkflowSummary,
  WorkflowVersion,
} from "./types";

type Schemas = components["schemas"];

const of = (id: string) => ({ path: { workflow_id: id } });

/** A graph as the server's description has it: an object, whatever is in it. */
const asGiven = (graph: Graph) => ({ ...graph });

export const workflowsQuery = (search = "", label: string | null = null) =>
  infiniteQueryOptions({
    queryKey: ["workflows", { search, label }],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer<Page<WorkflowSummary>>(
        api.GET("/api/workflows", {
          params: { query: { search, label, cursor, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    ...byPage,
  });

export const labelsQuery = queryOptions({
  queryKey: ["workflows", "labels"],
  queryFn: ({ signal }) =>
    answer<{ items: string[] }>(api.GET("/api/workflows/labels", { signal })),
  select: (page) => page.items,
});

/** What every workflow did in the last days. */
export const recentQuery = queryOptions({
  queryKey: ["workflows", "recent"],
  queryFn: ({ signal }) =>
    answer<{ days: string[]; items: RecentRuns[] }>(api.GET("/api/workflows/recent", { signal })),
});

export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id],
    queryFn: ({ signal }) =>
      answer<Workflow>(api.GET("/api/workflows/{workflow_id}", { params: of(id), signal })),
  });

/** Newest first; what was set aside for a restored version is among them. */
export const versionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["workflow", id, "versions"],
    queryFn: ({ pageParam, signal }) =>
      answer<Page<WorkflowVersion>>(
        api.GET("/api/workflows/{workflow_id}/versions", {
          params: {
            ...of(id),
            query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: Number(pageParam) } : {}) },
          },
          signal,
        }),
      ),
    ...byPage,
  });

/** How many runs wait on which version. */
export const waitingVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["workflow", id, "versions", "waiting"],
    queryFn: ({ signal }) =>
      answer<Schemas["WaitingVersions"]>(
        api.GET("/api/workflows/{workflow_id}/waits/versions", { params: of(id), signal }),
      ),
    select: ({ items }) => new Map(items.map(({ version, count }) => [version, count])),
  });

export const nameVersion = (
  id: string,
  number: number,
  name: string | null,
): Promise<WorkflowVersion> =>
  answer(
    api.PATCH("/api/workflows/{workflow_id}/versions/{number}", {
      params: { path: { workflow_id: id, number } },
      body: { name },
    }),
  );

/** One published version with its graph; it never changes. */
export const versionQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: ["workflow", id, "versions", number],
    queryFn: ({ signal }) =>
      answer<Schemas["VersionDetail"]>(
        api.GET("/api/workflows/{workflow_id}/versions/{number}", {
          params: { path: { workflow_id: id, number } },
          signal,
        }),
      ),
    staleTime: "static",
  });

interface NewWorkflow {
  name?: string;
  graph?: Graph;
  /** The workflow to copy. */
  from?: string;
}

export const createWorkflow = ({ graph, ...rest }: NewWorkflow): Promise<Workflow> =>
  answer(
    api.POST("/api/workflows", { body: { ...rest, ...(graph ? { graph: asGiven(graph) } : {}) } }),
  );

export const renameWorkflow = (id: string, name: string): Promise<Workflow> =>
  answer(api.PATCH("/api/workflows/{workflow_id}", { params: of(id), body: { name } }));

export const labelWorkflow = (id: string, labels: string[]): Promise<Workflow> =>
  answer(api.PATCH("/api/workflows/{workflow_id}", { params: of(id), body: { labels } }));

/** The draft as a file, without accounts, keys and customers' data. */
export const exportWorkflow = (id: string): Promise<WorkflowFile> =>
  answer(api.GET("/api/workflows/{workflow_id}/export", { params: of(id) }));

/** A new workflow from whatever a file or a clipboard held; refused where it is none. */
export const importWorkflow = (document: unknown): Promise<Workflow> =>
  answer(api.POST("/api/workflows/import", { body: { document } }));

/** Switches off every workflow; what is under way stands still. */
export const pauseEverything = (): Promise<{ workflows: number; runs_changed: number }> =>
  answer(api.POST("/api/workflows/pause-all", { body: { waiting: "pause" } }));

export const deleteWorkflow = (id: string): Promise<void> =>
  answer(api.DELETE("/api/workflows/{workflow_id}", { params: of(id) }));

export const undeleteWorkflow = (id: string): Promise<Workflow> =>
  answer(api.POST("/api/workflows/{workflow_id}/undelete", { params: of(id) }));

/** A stale revision is refused with 409; its problem carries the server's revision and graph. */
export const saveDraft = (
  id: string,
  draft: { graph: Graph; revision: number },
  keepalive = false,
): Promise<{ revision: number; problems: Problem[] }> =>
  answer(
    api.PUT("/api/workflows/{workflow_id}/draft", {
      params: of(id),
      body: { graph: asGiven(draft.graph), revision: draft.revision },
      keepalive,
    }),
  );

export const validateGraph = (graph: Graph): Promise<{ problems: Problem[] }> =>
  answer(api.POST("/api/workflows/validate", { body: { graph: asGiven(graph) } }));

/** Refused with 422 and `problems` while the draft has errors. */
export const activate = (id: string): Promise<{ version: number; state: string }> =>
  answer(api.POST("/api/workflows/{workflow_id}/activate", { params: of(id) }));

export type Waiting = Schemas["Deactivation"]["waiting"] & string;

export const deactivate = (id: string, waiting: Waiting = "finish"): Promise<{ state: string }> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/deactivate", { params: of(id), body: { waiting } }),
  );

export const restoreVersion = (id: string, number: number): Promise<Workflow> =>
  answer(
    api.POST("/api/workflows/{workflow_id}/versions/{number}/restore", {
      params: { path: { workflow_id: id, number } },
    }),
  );

export type Scenario = Omit<Schemas["GraphSimulation"], "graph"> & { graph: Graph };

const tried = new Set<() => void>();

/** Hears that a workflow was tried out; returns the function that stops it. */
export function onTried(listener: () => void): () => void {
  tried.add(listener);
  return () => tried.delete(listener);
}

/** Plays without counting as a trial: nobody asked for it. */
export const play = ({ graph, ...scenario }: Scenario, signal?: AbortSignal): Promise<Simulation> =>
  answer(
    api.POST("/api/workflows/simulate", {
      body: { ...scenario, graph: asGiven(graph) },
      ...(signal ? { signal } : {}),
    }),
  );

export async function simulate(scenario: Scenario, signal?: AbortSignal): Promise<Simulation> {
  const result = await play(scenario, signal);
  for (const listener of tried) listener();
  return result;
}

/** The run itself appears within moments. */
export const startRun = (
  id: string,
  start: { data: JsonObject; contact?: string },
): Promise<{ event_id: string }> =>
  answer(api.POST("/api/workflows/{workflow_id}/runs", { params: of(id), body: start }));

/** Changes workflows and asks the lists again, whatever came of it. */
export const useWorkflowChange = <Input, Output>(
  act: (input: Input) => Promise<Output>,
  answered?: Answered<Input, Output>,
) => useChange(act, ["workflows", "workflow"], answered);
