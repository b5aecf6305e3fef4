import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { notesOf } from "@/graph/notes";
import type { Graph, GraphEdge, GraphNode } from "@/graph/values";

import { select } from "../store/editorStore";
import { useEditor, useEditorStore, useMotion } from "../store/EditorContext";
import type { Copies } from "../store/motion";
import { beginDrag, drag, endDrag, hoverEdge } from "./dragging";
import { type CanvasNode, FlowElements, type WireEdge } from "./flowElements";
import { pointOf } from "./pointer";

/**
 * The graph as React Flow draws it. While steps are dragged their places are known to the motion
 * only; the graph changes once, when they are let go.
 */
export function useFlowGraph() {
  const store = useEditorStore();
  const elements = useFlowElements();
  const moving = useMotion((motion) => motion.moving);
  const copies = useMotion((motion) => motion.copies);
  const graph = useDrawnGraph(copies);
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const nodes = useMemo(
    () => [
      ...elements.notesFor(graph, selectedNodes, moving),
      ...elements.nodesFor(graph, selectedNodes, moving),
    ],
    [elements, graph, selectedNodes, moving],
  );
  const edges = useMemo(
    () => elements.edgesFor(graph, selectedEdges),
    [elements, graph, selectedEdges],
  );
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      drag(store, changes);
      const { selectedNodes: before, selectedEdges: wires } = store.getState();
      const after = selectedBy(before, changes);
      if (after !== before) select(store, after, wires);
    },
    [store],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdge>[]) => {
      const { selectedNodes: steps, selectedEdges: before } = store.getState();
      const after = selectedBy(before, changes);
      if (after !== before) select(store, steps, after);
    },
    [store],
  );
  return { nodes, edges, onNodesChange, onEdgesChange, ...useDragging() };
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
function useDrawnGraph(copies: Copies | null): Graph {
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
