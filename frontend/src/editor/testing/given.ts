import type { JsonObject, Simulation } from "@/api/types";
import type { Scenario } from "@/api/workflows";
import type { Graph } from "@/graph/values";

/** A run that was played elsewhere, for the test to show and to go on from. */
export interface GivenTest {
  /** What it began with, in words. */
  readonly name: string;
  readonly event: { readonly type: string; readonly data: JsonObject };
  /** When it happened, whose it was, and what came later. */
  readonly around: Pick<Scenario, "at" | "contact" | "then">;
  readonly simulation: Simulation;
  readonly graph: Graph;
}
