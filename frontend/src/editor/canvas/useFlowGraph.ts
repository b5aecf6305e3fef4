import { type EdgeChange, type NodeChange, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import { notesOf } from "@/graph/notes";
import type { Graph, GraphEdge, GraphNode } from "@/graph/values";

import { select } from "../store/editorStore";
import { useEditor, useEditorStore, useMotion } from "../store/EditorContext";
import { beginDrag, drag, endDrag, hoverEdge } from "./dragging";
import { type CanvasNode, FlowElements, type WireEdge } from "./flowElements";
import { pointOf } from "./pointer";
import { type DrawnStore, useDrawn } from "./useDrawn";

/**
 * The graph as React Flow draws it. While steps are dragged their places are known to the motion
 * only; the graph changes once, when they are let go.
 */
export function useFlowGraph() {
  const graph = useDrawnGraph();
  const drawn = useDrawn();
  const elements = useFlowElements();
  const nodes = useNodes(elements, graph, drawn);
  const { apart, pointing } = useApart();
  const far = useStore(drawn, (state) => state.far);
  const hasAll = useStore(drawn, ({ ids }) => ids === null);
  const lines = hasAll ? null : { graph, far, apart, onPoint: pointing.onPoint };
  const edges = useEdges(elements, graph, far, lines && apart);
  return {
    flow: { nodes, edges, ...useChanges(), ...useDragging(), ...pointing.handlers },
    /** How lines are drawn that are too many to be drawn one by one. */
    lines,
  };
}

/** The lines that somebody has chosen or points at. */
function useApart() {
  const selected = useEditor((state) => state.selectedEdges);
  const dropEdge = useMotion((motion) => motion.dropEdge);
  const [pointed, onPoint] = useState<string | null>(null);
  const apart = useMemo(() => {
    const more = [dropEdge, pointed].filter((id) => id !== null);
    return more.length === 0 ? selected : new Set([...selected, ...more]);
  }, [selected, dropEdge, pointed]);
  const handlers = useMemo(() => ({ onEdgeMouseLeave: () => onPoint(null) }), []);
  return { apart, pointing: { onPoint, handlers } };
}

/**
 * What stands on the canvas. What moves or comes into sight is told to React Flow directly:
 * rendering the canvas and React Flow for it, frame by frame, costs more than the cards themselves.
 */
function useNodes(elements: FlowElements, graph: Graph, drawn: DrawnStore): CanvasNode[] {
  const { motion } = useEditorStore().getState();
  const flow = useFlowApi();
  const selected = useEditor((state) => state.selectedNodes);
  const look = useCallback(() => {
    const { ids, far } = drawn.getState();
    const { moving } = motion.getState();
    const isDrawn = (id: string): boolean => ids === null || ids.has(id) || moving.has(id);
    const looks = { selected, far, moving, isDrawn };
    return [...elements.notesFor(graph, looks), ...elements.nodesFor(graph, looks)];
  }, [elements, graph, selected, drawn, motion]);
  const show = useCallback(() => {
    const { nodes: before, setNodes } = flow.getState();
    const now = look();
    const isSame = now.length === before.length && now.every((node, at) => node === before[at]);
    if (!isSame) setNodes(now);
  }, [flow, look]);
  useLayoutEffect(() => {
    const stops = [
      drawn.subscribe(show),
      motion.subscribe((now, before) => now.moving !== before.moving && show()),
    ];
    return () => stops.forEach((stop) => stop());
  }, [drawn, motion, show]);
  const nodes = useMemo(look, [look]);
  // What React Flow took from this render may be older than what it was told since.
  useEffect(show, [show, nodes]);
  return nodes;
}

const useFlowApi = useStoreApi<CanvasNode, WireEdge>;

function useEdges(
  elements: FlowElements,
  graph: Graph,
  far: boolean,
  apart: ReadonlySet<string> | null,
): WireEdge[] {
  const selected = useEditor((state) => state.selectedEdges);
  return useMemo(
    () => elements.edgesFor(graph, { selected, far, isDrawn: (id) => apart?.has(id) ?? true }),
    [elements, graph, selected, far, apart],
  );
}

function useChanges() {
  const store = useEditorStore();
  const flow = useFlowApi();
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      drag(store, changes);
      const { selectedNodes: before, selectedEdges: wires } = store.getState();
      // React Flow takes the selection back from those only that are drawn.
      const { multiSelectionActive, nodes } = flow.getState();
      const replaces = changes.some(isSelection) && !multiSelectionActive;
      const kept = replaces ? within(before, nodes) : before;
      const after = selectedBy(kept, changes);
      if (after !== before) select(store, after, wires);
    },
    [store, flow],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdge>[]) => {
      const { selectedNodes: steps, selectedEdges: before } = store.getState();
      const after = selectedBy(before, changes);
      if (after !== before) select(store, steps, after);
    },
    [store],
  );
  return { onNodesChange, onEdgesChange };
}

const isSelection = ({ type }: SelectChange): boolean => type === "select";

function within(selected: ReadonlySet<string>, drawn: readonly CanvasNode[]): ReadonlySet<string> {
  const there = drawn.filter(({ id }) => selected.has(id));
  return there.length === selected.size ? selected : new Set(idsOf(there));
}

/** React Flow's types speak of React's events here, but it hands on the browser's own. */
const asNative = (event: unknown): MouseEvent => event as MouseEvent;

function useDragging() {
  const store = useEditorStore();
  return useMemo(() => {
    const begin = (event: unknown, dragged: CanvasNode[]): void =>
      beginDrag(store, idsOf(dragged), asNative(event).altKey);
    const hover = (event: unknown, dragged: CanvasNode[]): void =>
      hoverEdge(store, idsOf(dragged), pointOf(asNative(event)));
    return {
      onNodeDragStart: (event: unknown, _node: CanvasNode, dragged: CanvasNode[]) =>
        begin(event, dragged),
      onSelectionDragStart: begin,
      onNodeDrag: (event: unknown, _node: CanvasNode, dragged: CanvasNode[]) =>
        hover(event, dragged),
      onNodeDragStop: () => endDrag(store),
      onSelectionDragStop: () => endDrag(store),
    };
  }, [store]);
}

const idsOf = (nodes: readonly CanvasNode[]): string[] => nodes.map((node) => node.id);

/** The graph, and the copies that are being dragged off. */
function useDrawnGraph(): Graph {
  const copies = useMotion((motion) => motion.copies);
  const graph = useEditor((state) => state.graph);
  return useMemo(() => {
    if (copies === null) return graph;
    const nodes: readonly GraphNode[] = [...graph.nodes, ...copies.nodes];
    const edges: readonly GraphEdge[] = [...graph.edges, ...copies.edges];
    return { ...graph, nodes, edges, notes: [...notesOf(graph), ...copies.notes] };
  }, [graph, copies]);
}

function useFlowElements(): FlowElements {
  const { t } = useTranslation("editor");
  const catalog = useEditor((state) => state.catalog);
  return useMemo(() => {
    const nameOf = (step: GraphNode): string =>
      step.label ?? catalog.get(step.type)?.label ?? t("step.unknown");
    return new FlowElements(catalog, {
      nameOf,
      note: t("note.name"),
      lineOf: (from, to) => t("edge.name", { from, to }),
    });
  }, [catalog, t]);
}

type SelectChange = NodeChange<CanvasNode> | EdgeChange<WireEdge>;

function selectedBy(
  before: ReadonlySet<string>,
  changes: readonly SelectChange[],
): ReadonlySet<string> {
  const after = new Set(before);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) after.add(change.id);
    else after.delete(change.id);
  }
  const isSame = after.size === before.size && [...after].every((id) => before.has(id));
  return isSame ? before : after;
}
