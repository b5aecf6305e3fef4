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

/** The kind of event that a workflow starts with; `null` where no event has a kind of its own. */
export function useEventType(workflow: Workflow | undefined): string | null {
  const { catalog } = useCatalog();
  const name = workflow?.trigger_type?.split("@")[0];
  const found = catalog?.latest().find(({ type }) => type === name)?.event_type;
  return found && !found.startsWith("$") ? found : null;
}
