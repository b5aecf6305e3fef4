import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "./client";
import { keepAnswer } from "./keeping";
import type { components } from "./schema";
import type { ChecklistState, DemoShop, Graph, JsonObject, Template, Workflow } from "./types";

type Schemas = components["schemas"];

/** Templates change only when the server is updated, so one answer lasts the visit. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: ({ signal }) => answer<{ items: Template[] }>(api.GET("/api/templates", { signal })),
  select: (page) => page.items,
  staleTime: Infinity,
});

interface Filled {
  values: JsonObject;
  name: string;
  /** Of the messages that the workflow will send. */
  language: string;
}

export const fillTemplate = (id: string, filled: Filled): Promise<Workflow> =>
  answer(
    api.POST("/api/templates/{template_id}/use", {
      params: { path: { template_id: id } },
      body: { ...filled, values: { ...filled.values } },
    }),
  );

/** The graph alone, for a canvas that has none yet. */
export const templateGraph = (id: string, filled: Omit<Filled, "name">): Promise<Graph> =>
  answer<{ graph: Graph }>(
    api.POST("/api/templates/{template_id}/graph", {
      params: { path: { template_id: id } },
      body: { ...filled, values: { ...filled.values } },
    }),
  ).then(({ graph }) => graph);

export const demoShopQuery = queryOptions({
  queryKey: ["demo"],
  queryFn: ({ signal }) => answer<DemoShop>(api.GET("/api/demo", { signal })),
});

export const checklistQuery = queryOptions({
  queryKey: ["checklist"],
  queryFn: ({ signal }) => answer<ChecklistState>(api.GET("/api/checklist", { signal })),
});

const changeDemoShop = (change: Schemas["DemoShopChange"]): Promise<DemoShop> =>
  answer(api.POST("/api/demo", { body: change }));

export const changeChecklist = (change: Schemas["ChecklistChange"]): Promise<ChecklistState> =>
  answer(api.POST("/api/checklist", { body: change }));

/** Opens (true) or closes the demo shop. */
export function useDemoShopChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => changeDemoShop({ on }),
    onSuccess: (shop) => keepAnswer<DemoShop>(client, demoShopQuery.queryKey, shop),
  });
}

export function useChecklistChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: changeChecklist,
    onSuccess: (list) => keepAnswer<ChecklistState>(client, checklistQuery.queryKey, list),
  });
}
