import type { Scenario } from "@/api/workflows";
import { cutToStep } from "@/graph/cutting";

import { wireGraph } from "../saving/useAutosave";
import { type Known, lastEvent, lastOutput } from "./lastOutputs";

/**
 * The step alone, on what the steps before it gave last; `null` where it hangs on no trigger.
 *
 * @param locale how its messages are written; `null`: as the shop writes
 */
export function scenarioOf(known: Known, nodeId: string, locale: string | null): Scenario | null {
  const cut = cutToStep(known.graph, known.catalog, nodeId, (node) => lastOutput(known, node));
  const begin = lastEvent(known);
  if (!cut || !begin) return null;
  const event = { type: begin.start.eventType, data: begin.data };
  return { graph: wireGraph(cut), event, locale };
}
