import type { StepNumbers, WorkflowNumbers } from "@/api/underway";

/** The numbers of the workflow on the canvas, by step. */
export interface ShownNumbers {
  readonly workflowId: string;
  readonly byNode: ReadonlyMap<string, StepNumbers>;
  readonly entry: WorkflowNumbers["entry"];
  /** Whether they stand on the cards; who waits does so anyway. */
  readonly isShown: boolean;
}
