import "@/i18n/later/editor";

import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Simulation } from "@/api/types";
import { type Scenario, simulate } from "@/api/workflows";
import { cutToStep } from "@/graph/cutting";

import { useAnnounce } from "../Announcer";
import { wireGraph } from "../saving/useAutosave";
import { useEditorStore } from "../store/EditorContext";
import { traceOfSimulation, type TraceStep } from "../store/trace";
import { lastEvent, lastOutput } from "./lastOutputs";

export interface Trial {
  /** What was played. */
  readonly scenario: Scenario;
  readonly steps: readonly TraceStep[];
  readonly messages: Simulation["messages"];
  readonly requests: Simulation["requests"];
  /** How its messages are written; `null`: as the shop writes. */
  readonly locale: string | null;
}

/** Tries one step out in the simulator, on what the steps before it gave last. Nothing is sent. */
export function useTrial(nodeId: string) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const [trial, setTrial] = useState<Trial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const run = useCallback(
    async (locale: string | null = null): Promise<void> => {
      const state = store.getState();
      const cut = cutToStep(state.graph, state.catalog, nodeId, (node) => lastOutput(state, node));
      const begin = lastEvent(state);
      if (!cut || !begin) {
        announce(t("trial.unconnected"), "notice");
        return;
      }
      setBusy(true);
      setError(null);
      try {
        const event = { type: begin.start.eventType, data: begin.data };
        const scenario: Scenario = { graph: wireGraph(cut), event, locale };
        const simulation = await simulate(scenario);
        const { steps } = traceOfSimulation(simulation, cut);
        setTrial({
          scenario,
          steps: steps.filter((step) => step.nodeId === nodeId),
          messages: simulation.messages,
          requests: simulation.requests,
          locale,
        });
        announce(t("trial.done"));
      } catch (reason) {
        setError(reason);
      } finally {
        setBusy(false);
      }
    },
    [store, announce, t, nodeId],
  );
  return { trial, error, isBusy, run };
}
