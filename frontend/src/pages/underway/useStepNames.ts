import type { Workflow } from "@/api/types";
import { useCatalog } from "@/editor/catalog";

/** What people call the steps of a workflow, by id. */
export function useStepNames(workflow: Workflow | undefined): ReadonlyMap<string, string> {
  const { catalog } = useCatalog();
  const steps = workflow?.graph.nodes ?? [];
  return new Map(
    steps.map(({ id, type, label }) => [id, label ?? catalog?.get(type)?.label ?? type]),
  );
}
