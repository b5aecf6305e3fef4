import { useLayoutEffect, useMemo, useState } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";

import type { Box } from "@/graph/geometry";
import { boxOf } from "@/graph/placing";

import type { EditorStore } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { seenThrough, type View } from "../store/view";
import { isFar } from "./far";
import { type Change, watch } from "./pacing";
import { type Pace, type Scene, sceneOf, shrunk, sightOf } from "./sight";

/** Fewer steps than these are always drawn, all of them. */
const MANY_STEPS = 150;
/** A larger selection is not kept in the drawing while it is out of sight. */
const FEW = 20;
const NOBODY: ReadonlySet<string> = new Set();

/** Bringing a card in takes a good part of a frame, so most come in while nothing moves. */
const NEAR: Pace = { near: 240, atOnce: 1, moving: 110, ahead: 130, kept: 140 };
/** From afar cards are plain blocks, and a pan soon shows many. */
const FAR: Pace = { near: 3_000, atOnce: 20, moving: 600, ahead: 0, kept: 600 };

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
  const scene = useScene();
  const [drawn] = useState(() =>
    createStore<Drawn>(() => ({
      ids: scene && NOBODY,
      far: isFar(store.getState().view.getState()),
    })),
  );
  useLayoutEffect(
    () =>
      watch(store, (change) => {
        const before = drawn.getState();
        const now = lookAgain(before, scene, store, change);
        if (now !== before) drawn.setState(now);
        return now !== before;
      }),
    [store, scene, drawn],
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

function lookAgain(before: Drawn, scene: Scene | null, store: EditorStore, change: Change): Drawn {
  const view = store.getState().view.getState();
  const far = isFar(view);
  const ids = scene && idsInSight(before.ids ?? NOBODY, scene, store, view, change);
  return before.ids === ids && before.far === far ? before : { ids, far };
}

function idsInSight(
  drawn: ReadonlySet<string>,
  scene: Scene,
  store: EditorStore,
  view: View,
  change: Change,
): ReadonlySet<string> {
  const isLaidOut = view.width * view.height > 0;
  const hasAll = drawn.size >= scene.boxes.size;
  if (!isLaidOut || (hasAll && change !== shrunk)) return drawn;
  const pace = isFar(view) ? FAR : NEAR;
  return change(drawn, sightOf(scene, seenThrough(view), pace, held(scene, store)), pace);
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
