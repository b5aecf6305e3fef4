import "@/i18n/later/editor";

import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Simulation } from "@/api/types";
import { type Scenario, simulate } from "@/api/workflows";

import { useAnnounce } from "../Announcer";
import { useEditorStore } from "../store/EditorContext";
import { traceOfSimulation, type TraceStep } from "../store/trace";
import { scenarioOf } from "./scenarioOf";

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
      const { graph } = store.getState();
      const scenario = scenarioOf(store.getState(), nodeId, locale);
      if (!scenario) {
        announce(t("trial.unconnected"), "notice");
        return;
      }
      setBusy(true);
      setError(null);
      try {
        const simulation = await simulate(scenario);
        const { steps } = traceOfSimulation(simulation, graph);
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
