import { expect, test } from "vitest";

import type { Run, Simulation } from "@/api/types";

import { workflow } from "../fixtures";
import { traceOfRun, traceOfSimulation } from "./trace";

const { graph } = workflow();

test("a wait in a test lasts until the step that follows it", () => {
  const at = (node_id: string, time: string) => ({
    node_id,
    iteration: "",
    at: time,
    port: "done",
  });
  const simulation = {
    steps: [at("start", "2026-11-20T08:00:00Z"), at("sms", "2026-11-23T08:00:00Z")],
    path: { nodes: [], edges: ["e1"] },
  } as unknown as Simulation;
  const trace = traceOfSimulation(simulation, graph);
  expect(trace.byNode.get("start")?.finishedAt).toBe("2026-11-23T08:00:00Z");
  expect(trace.byNode.get("sms")?.finishedAt).toBeNull();
  expect([...trace.takenEdges]).toEqual(["e1"]);
});

test("a run took the edges on the outputs it left by, as far as it got", () => {
  const step = (node_id: string, port: string | null) => ({ node_id, iteration: "", port });
  const runWith = (...steps: object[]) => ({ graph, steps }) as unknown as Run;
  const edges = (run: Run) => [...traceOfRun(run).takenEdges];
  expect(edges(runWith(step("start", "done"), step("sms", null)))).toEqual(["e1"]);
  expect(edges(runWith(step("start", "done")))).toEqual([]);
  expect(edges(runWith(step("start", "error"), step("sms", null)))).toEqual([]);
});

test("a step that ran in every pass of a body is counted, and its last pass is shown", () => {
  const step = (iteration: string, status: string) => ({
    node_id: "sms",
    iteration,
    status,
    port: "",
  });
  const run = { graph, steps: [step("0", "succeeded"), step("1", "failed")] } as unknown as Run;
  const trace = traceOfRun(run);
  expect(trace.counts.get("sms")).toBe(2);
  expect(trace.byNode.get("sms")?.status).toBe("failed");
});
