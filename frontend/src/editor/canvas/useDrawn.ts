import { useStoreApi } from "@xyflow/react";
import { useLayoutEffect, useMemo, useState } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";

import type { Box } from "@/graph/geometry";
import { boxOf } from "@/graph/placing";

import type { EditorStore } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { isFar } from "./far";
import { grown, type Pace, type Scene, sceneOf, shrunk, sightOf } from "./sight";

/** Fewer steps than these are always drawn, all of them. */
const MANY_STEPS = 150;
/** A larger selection is not kept in the drawing while it is out of sight. */
const FEW = 20;
const NOBODY: ReadonlySet<string> = new Set();

/** Each card that is drawn has a small price in every frame, so the rims are narrow. */
const NEAR: Pace = { near: 240, kept: 400, atOnce: 1 };
/** From afar cards are plain blocks, and a pan soon shows many. */
const FAR: Pace = { near: 3_000, kept: 6_000, atOnce: 20 };

type FlowApi = ReturnType<typeof useStoreApi>;

export function useHasMany(): boolean {
  return useEditor((state) => state.graph.nodes.length > MANY_STEPS);
}

/** What the canvas draws, and how. */
export interface Drawn {
  /** The ids of the steps; `null` for all. */
  readonly ids: ReadonlySet<string> | null;
  /** As plain blocks and lines, seen from afar. */
  readonly far: boolean;
}

/** A store, because it changes with the frames of a pan, which have no time to render a page. */
export type DrawnStore = StoreApi<Drawn>;

export function useDrawn(): DrawnStore {
  const store = useEditorStore();
  const flow = useStoreApi();
  const scene = useScene();
  const [drawn] = useState(() =>
    createStore<Drawn>(() => ({ ids: scene && NOBODY, far: isFar(flow.getState()) })),
  );
  useLayoutEffect(
    () =>
      watch(store, flow, (change) => {
        const before = drawn.getState();
        const now = lookAgain(before, scene, store, flow, change);
        if (now !== before) drawn.setState(now);
        return now !== before;
      }),
    [store, flow, scene, drawn],
  );
  return drawn;
}

/** `null` where there are so few that all are drawn. */
function useScene(): Scene | null {
  const hasMany = useHasMany();
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  return useMemo(() => {
    if (!hasMany) return null;
    const boxes = graph.nodes.map((node): [string, Box] => [node.id, boxOf(graph, catalog, node)]);
    return sceneOf(new Map(boxes), graph.edges);
  }, [graph, catalog, hasMany]);
}

/** After this, somebody who looked around has come to rest. */
const REST_MS = 400;

type Change = typeof grown | typeof shrunk;

/** Looks once in each frame in which something moves, and tidies away when all is at rest. */
function watch(store: EditorStore, flow: FlowApi, look: (change: Change) => boolean): () => void {
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(rest);
    rest = setTimeout(() => look(shrunk), REST_MS);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (look(grown)) soon();
    });
  };
  const stopFlow = flow.subscribe((now, before) => {
    const isSame = now.transform === before.transform && now.width === before.width;
    if (!isSame || now.height !== before.height) soon();
  });
  const stopStore = store.subscribe((now, before) => {
    if (now.openNode !== before.openNode || now.selectedNodes !== before.selectedNodes) soon();
  });
  soon();
  return () => {
    clearTimeout(rest);
    cancelAnimationFrame(frame);
    stopFlow();
    stopStore();
  };
}

function lookAgain(
  before: Drawn,
  scene: Scene | null,
  store: EditorStore,
  flow: FlowApi,
  change: Change,
): Drawn {
  const state = flow.getState();
  const far = isFar(state);
  const ids = scene && idsInSight(before.ids ?? NOBODY, scene, store, state, change);
  return before.ids === ids && before.far === far ? before : { ids, far };
}

type FlowState = ReturnType<FlowApi["getState"]>;

function idsInSight(
  drawn: ReadonlySet<string>,
  scene: Scene,
  store: EditorStore,
  state: FlowState,
  change: Change,
): ReadonlySet<string> {
  if (state.width === 0 || state.panZoom === null) return drawn;
  const pace = isFar(state) ? FAR : NEAR;
  return change(drawn, sightOf(scene, viewOf(state), pace, held(scene, store)), pace);
}

function viewOf({ transform: [x, y, zoom], width, height }: FlowState): Box {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** What somebody holds or has the keys on stays drawn, wherever it is. */
function held(scene: Scene, store: EditorStore): ReadonlySet<string> {
  const { selectedNodes, openNode, motion } = store.getState();
  const focused = document.activeElement?.closest(".react-flow__node")?.getAttribute("data-id");
  const ids = [
    ...(selectedNodes.size <= FEW ? selectedNodes : []),
    ...[...motion.getState().moving.keys()].slice(0, FEW),
    openNode ?? "",
    focused ?? "",
  ];
  return new Set(ids.filter((id) => scene.boxes.has(id)));
}
