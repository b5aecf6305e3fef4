import type { Json, Run, RunError, Simulation, StepStatus, WaitsFor } from "@/api/types";
import type { Graph } from "@/graph/values";

import { remembered } from "./derived";

/** One step as it happened, in a test or in a real run. */
export interface TraceStep {
  readonly nodeId: string;
  readonly iteration: string;
  readonly status: StepStatus;
  readonly port: string | null;
  /** When it happened; in a test, by the virtual clock. */
  readonly at: string | null;
  readonly finishedAt: string | null;
  readonly wakeAt: string | null;
  readonly waitsFor: WaitsFor | null;
  readonly input: Json;
  readonly output: Json;
  readonly words: string | null;
  readonly error: RunError | null;
  readonly attempts: number;
}

/** What is drawn over the canvas: the taken path and what each step did. */
export interface Trace {
  readonly isTest: boolean;
  /** In the order in which they happened. */
  readonly steps: readonly TraceStep[];
  /** The last word of each step, by node. */
  readonly byNode: ReadonlyMap<string, TraceStep>;
  readonly counts: ReadonlyMap<string, number>;
  readonly takenEdges: ReadonlySet<string>;
  /** How often each taken edge was gone, where that is more than once. */
  readonly edgeCounts: ReadonlyMap<string, number>;
}

export function traceOfSimulation(simulation: Simulation, graph: Graph): Trace {
  const steps = simulation.steps.map((step, index): TraceStep => ({
    nodeId: step.node_id,
    iteration: step.iteration,
    status: step.status,
    port: step.port,
    at: step.at,
    finishedAt: leftAt(step, simulation.steps.slice(index + 1), graph),
    wakeAt: null,
    waitsFor: null,
    input: step.input,
    output: step.output,
    words: step.words,
    error: step.error,
    attempts: 1,
  }));
  return traceOf(steps, new Set(simulation.path.edges), graph, true);
}

export function traceOfRun(run: Run): Trace {
  const steps = run.steps.map(traceStepOf);
  return traceOf(steps, takenEdges(run.graph, steps), run.graph, false);
}

/** The same for the same step: what a live update left alone is not drawn again. */
const traceStepOf = remembered((step: Run["steps"][number]): TraceStep => ({
  nodeId: step.node_id,
  iteration: step.iteration,
  status: step.status,
  port: step.port,
  at: step.started_at,
  finishedAt: step.finished_at,
  wakeAt: step.wake_at,
  waitsFor: step.waits_for ?? null,
  input: step.input,
  output: step.output,
  words: step.words,
  error: step.error,
  attempts: step.attempts,
}));

type SimulatedStep = Simulation["steps"][number];

/** A simulated step tells when it began; when it was left shows in the step that followed it. */
function leftAt(
  step: SimulatedStep,
  later: readonly SimulatedStep[],
  { edges }: Graph,
): string | null {
  const targets = new Set(
    edges
      .filter((edge) => edge.source === step.node_id && edge.sourceHandle === step.port)
      .map((edge) => edge.target),
  );
  return later.find((next) => targets.has(next.node_id))?.at ?? null;
}

function traceOf(
  steps: readonly TraceStep[],
  edges: ReadonlySet<string>,
  graph: Graph,
  isTest: boolean,
): Trace {
  const counts = new Map<string, number>();
  for (const { nodeId } of steps) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  const byNode = new Map(steps.map((step) => [step.nodeId, step]));
  const isRepeated = [...counts.values()].some((count) => count > 1);
  const edgeCounts = isRepeated ? edgeCountsOf(graph, steps, edges) : new Map<string, number>();
  return { isTest, steps, byNode, counts, takenEdges: edges, edgeCounts };
}

function edgeCountsOf(
  graph: Graph,
  steps: readonly TraceStep[],
  taken: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const exits = new Map<string, number>();
  for (const { nodeId, port } of steps) {
    const exit = `${nodeId}\n${port ?? ""}`;
    exits.set(exit, (exits.get(exit) ?? 0) + 1);
  }
  const counted = graph.edges
    .filter(({ id }) => taken.has(id))
    .map(({ id, source, sourceHandle }): [string, number] => [
      id,
      exits.get(`${source}\n${sourceHandle}`) ?? 0,
    ]);
  return new Map(counted.filter(([, count]) => count > 1));
}

/** The edges on the outputs that steps left by, where the next step was reached too. */
function takenEdges(graph: Graph, steps: readonly TraceStep[]): ReadonlySet<string> {
  const reached = new Set(steps.map((step) => step.nodeId));
  const left = new Set(steps.map((step) => `${step.nodeId}\n${step.port ?? ""}`));
  return new Set(
    graph.edges
      .filter(
        (edge) => left.has(`${edge.source}\n${edge.sourceHandle}`) && reached.has(edge.target),
      )
      .map((edge) => edge.id),
  );
}
