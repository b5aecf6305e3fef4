import "@/i18n/later/editor";

import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { JsonObject, Simulation } from "@/api/types";
import { type Scenario, simulate } from "@/api/workflows";
import type { Graph } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import { GLANCE_MS, useFit } from "../canvas/fitting";
import { wireGraph } from "../saving/useAutosave";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { traceOfSimulation } from "../store/trace";
import type { GivenTest } from "./given";
import { goingBy, type Ways } from "./otherWays";

/** The result takes its room below the canvas before everything is brought into view. */
const SETTLED_MS = 80;

interface Result {
  readonly simulation: Simulation;
  /** What was asked to be played. */
  readonly scenario: Scenario;
  /** The graph that was tested; what is on the canvas may have moved on. */
  readonly graph: Graph;
}

/** Runs the graph on the canvas in the simulator, and draws what happened over it. What was given is
 * shown at first, as it was played. */
export function useTest(given: GivenTest | null) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const fit = useFit();
  const graph = useEditor((state) => state.graph);
  const [result, setResult] = useState<Result | null>(() => given && resultOf(given));
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController>(null);

  const clear = useCallback(() => {
    running.current?.abort();
    setResult(null);
    setError(null);
    store.setState({ trace: null });
  }, [store]);

  useEffect(() => clear, [clear]);

  const draw = useCallback(
    (simulation: Simulation, drawn: Graph) => {
      store.setState({ trace: traceOfSimulation(simulation, drawn) });
      setTimeout(() => fit(GLANCE_MS, new Set(simulation.path.nodes)), SETTLED_MS);
    },
    [store, fit],
  );

  useEffect(() => {
    if (given === null) return;
    store.setState({ lastEvent: given.event });
    draw(given.simulation, given.graph);
  }, [given, draw, store]);

  const run = async (
    event: { type: string; data: JsonObject },
    locale: string | null = null,
    around: Partial<GivenTest["around"]> = {},
    ways: Ways = {},
  ): Promise<void> => {
    clear();
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    const { graph: tested, catalog } = store.getState();
    const played = wireGraph(goingBy(tested, catalog, ways));
    store.setState({ lastEvent: event });
    try {
      const scenario: Scenario = { ...around, graph: played, event, locale };
      const simulation = await simulate(scenario, controller.signal);
      setResult({ simulation, scenario, graph: tested });
      draw(simulation, tested);
      announce(t("test.finished", { count: simulation.steps.length }));
    } catch (reason) {
      if (!controller.signal.aborted) setError(reason);
    } finally {
      setBusy(false);
    }
  };

  const isStale = result !== null && result.graph !== graph;
  const { simulation = null, scenario = null } = result ?? {};
  return { simulation, scenario, isStale, error, isBusy, run, clear };
}

function resultOf({ event, around, simulation, graph }: GivenTest): Result {
  return { simulation, scenario: { ...around, graph: wireGraph(graph), event }, graph };
}
