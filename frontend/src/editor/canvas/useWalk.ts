import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { edgeById, incoming, nodeById, outgoing } from "@/graph/queries";
import type { Position } from "@/graph/values";
import { type Direction, neighbour } from "@/graph/walking";

import { useAnnounce } from "../Announcer";
import { openPanel, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { useCentre } from "./fitting";

/** Going from step to step, and from line to line, with the keys. */
export interface Walk {
  /** False where the arrows move the step instead: it was chosen with the pointer. */
  readonly step: (by: Position) => boolean;
  readonly to: (nodeId: string) => void;
  /** To the next line of the focused step. */
  readonly alongLines: () => void;
  /** From a line back to the step that it was reached from; false where it was not. */
  readonly backFrom: (edgeId: string) => boolean;
}

export function useWalk(): Walk {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const centre = useCentre();
  const byKeys = useReachedByKeys();
  const lineStep = useRef<string | null>(null);
  return useMemo(() => {
    const to = (nodeId: string): void => {
      if (store.getState().openNode === null) select(store, [nodeId]);
      else openPanel(store, nodeId);
      centre(nodeId, WALK_MS);
      focusSoon(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`);
      byKeys.current = true;
    };
    return {
      to,
      step: (by) => {
        const { graph, catalog, selectedNodes } = store.getState();
        const [from] = selectedNodes;
        const isStep = from === undefined || nodeById(graph, from) !== undefined;
        if (!byKeys.current || selectedNodes.size > 1 || !isStep) return false;
        const next = neighbour(graph, catalog, from ?? "", directionOf(by));
        if (next === null) announce(t("said.noStepThere"));
        else to(next);
        return true;
      },
      alongLines: () => {
        const { graph, selectedNodes, selectedEdges } = store.getState();
        const [edgeId] = selectedEdges;
        const nodeId = [...selectedNodes][0] ?? lineStep.current;
        if (!nodeId) return;
        const lines = [...outgoing(graph, nodeId), ...incoming(graph, nodeId)];
        const at = lines.findIndex((line) => line.id === edgeId);
        const next = lines[(at + 1) % Math.max(lines.length, 1)];
        if (!next) return announce(t("said.noLines"));
        lineStep.current = nodeId;
        select(store, [], [next.id]);
        focusSoon(`.react-flow__edge[data-id="${CSS.escape(next.id)}"]`);
      },
      backFrom: (edgeId) => {
        const nodeId = lineStep.current;
        lineStep.current = null;
        if (nodeId === null || !edgeById(store.getState().graph, edgeId)) return false;
        to(nodeId);
        return true;
      },
    };
  }, [store, announce, t, centre, byKeys]);
}

const WALK_MS = 150;

function directionOf({ x, y }: Position): Direction {
  if (x !== 0) return x > 0 ? "right" : "left";
  return y > 0 ? "down" : "up";
}

const DRAWN_WITHIN_FRAMES = 30;

/** What is out of sight may not be drawn yet. */
function focusSoon(selector: string, frames = DRAWN_WITHIN_FRAMES): void {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement || element instanceof SVGElement) {
    element.focus({ preventScroll: true });
  } else if (frames > 0) requestAnimationFrame(() => focusSoon(selector, frames - 1));
}

/**
 * Whether the keys brought the focus where it is. Somebody who clicked a step and presses an arrow
 * wants to move it; somebody who came with Tab wants to go on.
 */
function useReachedByKeys() {
  const byKeys = useRef(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const set = (value: boolean) => () => (byKeys.current = value);
    window.addEventListener("pointerdown", set(false), { signal, capture: true });
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === "Tab") byKeys.current = true;
    };
    window.addEventListener("keydown", onKey, { signal, capture: true });
    return () => controller.abort();
  }, []);
  return byKeys;
}
