import { useReactFlow } from "@xyflow/react";
import {
  type PointerEvent as ReactPointerEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";

import type { NodeType } from "@/graph/catalog";
import { CARD_WIDTH, HEADER_HEIGHT, snapped } from "@/graph/geometry";
import type { Position } from "@/graph/values";

import { addStep } from "../addStep";
import { edgeUnder, isOverPane } from "../canvas/pointer";
import { useEditorStore } from "../store/EditorContext";

export interface PaletteDrag {
  readonly type: NodeType;
  /** Pixels of the window. */
  readonly at: Position;
}

/**
 * Dragging a type onto the canvas with pointer events, which touch screens have too. The card lands
 * with its head under the pointer, at any zoom; let go on an edge, it goes into the edge.
 */
export function usePaletteDrag() {
  const [drag, setDrag] = useState<PaletteDrag | null>(null);
  const drop = useDrop();
  const { motion } = useEditorStore().getState();
  const following = useRef<AbortController>(null);
  useEffect(() => () => following.current?.abort(), []);
  const onPointerDown = useCallback(
    (start: ReactPointerEvent, type: NodeType) => {
      if (start.button !== 0) return;
      following.current?.abort();
      following.current = followPointer(start, {
        move: (at) => {
          setDrag({ type, at });
          motion.setState({ dropEdge: type.category === "trigger" ? null : edgeUnder(at) });
        },
        end: (at) => {
          setDrag(null);
          motion.setState({ dropEdge: null });
          if (at !== null) drop(type, at);
        },
      });
    },
    [drop, motion],
  );
  return { drag, onPointerDown };
}

const STARTS_AFTER_PIXELS = 5;

interface Follower {
  readonly move: (at: Position) => void;
  /** `null` when the drag was broken off, or never began because the pointer did not move. */
  readonly end: (at: Position | null) => void;
}

/** Follows the pointer from where it went down; aborting ends it without a word. */
function followPointer(start: ReactPointerEvent, follower: Follower): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  let isDragging = false;
  const finish = (at: Position | null): void => {
    controller.abort();
    follower.end(isDragging ? at : null);
  };
  const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
    isDragging ||= Math.hypot(x - start.clientX, y - start.clientY) > STARTS_AFTER_PIXELS;
    if (isDragging) follower.move({ x, y });
  };
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", ({ clientX: x, clientY: y }) => finish({ x, y }), {
    signal,
  });
  window.addEventListener("pointercancel", () => finish(null), { signal });
  window.addEventListener("keydown", ({ key }) => key === "Escape" && finish(null), { signal });
  return controller;
}

function useDrop() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (type: NodeType, at: Position) => {
      const { x, y } = screenToFlowPosition(at, { snapToGrid: false });
      const place = snapped({ x: x - CARD_WIDTH / 2, y: y - HEADER_HEIGHT / 2 });
      const edgeId = type.category === "trigger" ? null : edgeUnder(at);
      if (edgeId !== null) addStep(store, type, { kind: "edge", edgeId, place });
      else if (isOverPane(at)) addStep(store, type, { kind: "free", place });
    },
    [store, screenToFlowPosition],
  );
}
