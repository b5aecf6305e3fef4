import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { snapped } from "@/graph/geometry";
import type { GraphNode, Position } from "@/graph/values";

import { perform, select } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { FlowElements, type StepNode, type WireEdge } from "./flowElements";
import { edgeUnder, pointOf } from "./pointer";

const AT_REST: ReadonlyMap<string, Position> = new Map();

/**
 * The graph as React Flow draws it. While steps are dragged their places are known here only; the
 * graph changes once, when they are let go.
 */
export function useFlowGraph() {
  const store = useEditorStore();
  const elements = useFlowElements();
  const [moving, setMoving] = useState(AT_REST);
  const graph = useEditor((state) => state.graph);
  const selectedNodes = useEditor((state) => state.selectedNodes);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const nodes = useMemo(
    () => elements.nodesFor(graph, selectedNodes, moving),
    [elements, graph, selectedNodes, moving],
  );
  const edges = useMemo(
    () => elements.edgesFor(graph, selectedEdges),
    [elements, graph, selectedEdges],
  );
  const onNodesChange = useCallback(
    (changes: NodeChange<StepNode>[]) => {
      setMoving((places) => movedBy(places, changes));
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
  const onMoved = useCallback(
    (event: MouseEvent | TouchEvent, moved: StepNode[]) => {
      setMoving(AT_REST);
      letGo(store, moved, pointOf(event));
    },
    [store],
  );
  return { nodes, edges, onNodesChange, onEdgesChange, onMoved };
}

function useFlowElements(): FlowElements {
  const { t } = useTranslation("editor");
  const catalog = useEditor((state) => state.catalog);
  return useMemo(() => {
    const nameOf = (step: GraphNode): string =>
      step.label ?? catalog.get(step.type)?.label ?? t("step.unknown");
    return new FlowElements(catalog, nameOf);
  }, [catalog, t]);
}

function movedBy(
  places: ReadonlyMap<string, Position>,
  changes: readonly NodeChange<StepNode>[],
): ReadonlyMap<string, Position> {
  const moved = changes.flatMap((change) =>
    change.type === "position" && change.dragging && change.position
      ? [[change.id, change.position] as const]
      : [],
  );
  return moved.length === 0 ? places : new Map([...places, ...moved]);
}

type SelectChange = NodeChange<StepNode> | EdgeChange<WireEdge>;

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

/** A single loose step that is let go on an edge goes into it. */
function letGo(
  store: ReturnType<typeof useEditorStore>,
  moved: readonly StepNode[],
  point: Position | null,
): void {
  const [first] = moved;
  const edgeId = moved.length === 1 && point !== null ? edgeUnder(point) : null;
  if (first && edgeId !== null && isLoose(store, first.id)) {
    const place = snapped(first.position);
    perform(store, { kind: "spliceNode", nodeId: first.id, edgeId, place });
    return;
  }
  const places = new Map(moved.map((node) => [node.id, snapped(node.position)]));
  perform(store, { kind: "moveNodes", places });
}

function isLoose(store: ReturnType<typeof useEditorStore>, nodeId: string): boolean {
  const { graph, catalog } = store.getState();
  const node = graph.nodes.find((step) => step.id === nodeId);
  if (!node || catalog.isTrigger(node.type)) return false;
  return !graph.edges.some((edge) => edge.source === nodeId || edge.target === nodeId);
}
