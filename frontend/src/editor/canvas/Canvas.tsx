import "@xyflow/react/dist/base.css";

import {
  Background,
  BackgroundVariant,
  type Node,
  type NodeMouseHandler,
  ReactFlow,
  SelectionMode,
} from "@xyflow/react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { GRID } from "@/graph/geometry";

import { closePanel, openPanel, select } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { CanvasControls } from "./CanvasControls";
import { EmptyCanvas } from "./EmptyCanvas";
import type { StepNode, WireEdge } from "./flowElements";
import { StepCard } from "./StepCard";
import { useFlowGraph } from "./useFlowGraph";
import { useKeepInView } from "./useKeepInView";
import { useWiring } from "./useWiring";
import { Wire } from "./Wire";

const NODE_TYPES = { step: StepCard };
const EDGE_TYPES = { wire: Wire };
const SNAP: [number, number] = [GRID, GRID];
const FIT = { padding: 0.2, maxZoom: 1 };
const MANY_STEPS = 150;
const MIDDLE_BUTTON = 1;

/** The graph, drawn. Editing and reading differ in what may be moved and wired only. */
export function Canvas() {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  const hasMany = useEditor((state) => state.graph.nodes.length > MANY_STEPS);
  const { nodes, edges, onNodesChange, onEdgesChange, onMoved } = useFlowGraph();
  const wiring = useWiring();
  const clicks = useClicks();
  useKeepInView();
  return (
    <div className={classes.canvas} role="region" aria-label={t("canvas.name")}>
      <ReactFlow<StepNode, WireEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStop={(event, _node, moved) => onMoved(asNative(event), moved)}
        onSelectionDragStop={(event, moved) => onMoved(asNative(event), moved)}
        {...wiring}
        {...clicks}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        edgesFocusable={false}
        connectionRadius={20}
        snapToGrid
        snapGrid={SNAP}
        nodeDragThreshold={3}
        panOnScroll
        zoomOnDoubleClick={false}
        panOnDrag={readOnly ? true : [MIDDLE_BUTTON]}
        selectionOnDrag={!readOnly}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        deleteKeyCode={null}
        disableKeyboardA11y
        onlyRenderVisibleElements={hasMany}
        minZoom={0.1}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
      >
        <Background variant={BackgroundVariant.Dots} gap={GRID * 1.5} size={1.4} />
        <CanvasControls />
      </ReactFlow>
      <EmptyCanvas />
    </div>
  );
}

/** React Flow's types speak of React's events here, but it hands on the browser's own. */
const asNative = (event: unknown): MouseEvent => event as MouseEvent;

/** A click opens the step; with a key held down it only adds to the selection. */
function useClicks() {
  const store = useEditorStore();
  const onNodeClick: NodeMouseHandler<StepNode> = useCallback(
    (event, node: Node) => {
      if (event.shiftKey || event.ctrlKey || event.metaKey) return;
      openPanel(store, node.id);
    },
    [store],
  );
  const onPaneClick = useCallback(() => {
    closePanel(store);
    select(store, []);
    store.setState({ picker: null });
  }, [store]);
  return { onNodeClick, onPaneClick };
}
