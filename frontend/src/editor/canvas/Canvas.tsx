import "@xyflow/react/dist/base.css";

import { type NodeMouseHandler, ReactFlow, SelectionMode, useStoreApi } from "@xyflow/react";
import { memo, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";

import { GRID } from "@/graph/geometry";

import { closePanel, openPanel, select } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { LazyNote } from "../lazily";
import { Bodies } from "./Bodies";
import classes from "./Canvas.module.css";
import { CanvasControls } from "./CanvasControls";
import { Dots } from "./Dots";
import { EmptyCanvas } from "./EmptyCanvas";
import { useFitAtFirst } from "./fitting";
import type { CanvasNode, WireEdge } from "./flowElements";
import { Guides } from "./Guides";
import { keepView, keptView } from "./keptViews";
import { KeyWireLine } from "./KeyWireLine";
import { ManyLines } from "./ManyLines";
import { StepCard } from "./StepCard";
import { useDropping } from "./useDropping";
import { useFlowGraph } from "./useFlowGraph";
import { useKeepInView } from "./useKeepInView";
import { useMenus } from "./useMenus";
import { useMovement } from "./useMovement";
import { useWheel } from "./wheel";
import { useWiring } from "./useWiring";
import { Wire } from "./Wire";

const NODE_TYPES = { step: StepCard, note: LazyNote };
const EDGE_TYPES = { wire: Wire };
const SNAP: [number, number] = [GRID, GRID];
const MIDDLE_BUTTON = 1;
/** A hand that clicks moves a little. React Flow takes a pixel for a drag, and the click is lost. */
const STILL_PX = 3;

interface Props {
  /** The workflow whose place and zoom are remembered; without it everything is shown. */
  viewOf?: string;
}

/** The graph, drawn. Editing and reading differ in what may be moved and wired only. */
export const Canvas = memo(function Canvas({ viewOf }: Props) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  const movement = useMovement();
  const { flow, lines } = useFlowGraph();
  useToldSizes();
  const view = useView(viewOf);
  const panning = usePanning(readOnly);
  const wiring = useWiring();
  const clicks = useClicks();
  const menus = useMenus();
  const dropping = useDropping();
  useKeepInView();
  return (
    <div className={classes.canvas} role="region" aria-label={t("canvas.name")} {...dropping}>
      <ReactFlow<CanvasNode, WireEdge>
        {...flow}
        {...wiring}
        {...clicks}
        {...menus}
        {...view}
        {...movement}
        {...panning}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        reconnectRadius={18}
        connectionRadius={20}
        snapToGrid
        snapGrid={SNAP}
        nodeDragThreshold={STILL_PX}
        nodeClickDistance={STILL_PX}
        paneClickDistance={STILL_PX}
        zoomOnDoubleClick={false}
        selectionOnDrag={!readOnly}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        deleteKeyCode={null}
        disableKeyboardA11y
        minZoom={0.1}
        maxZoom={2}
      >
        <Dots />
        {lines && <ManyLines {...lines} />}
        <Bodies />
        <Guides />
        <KeyWireLine />
        <CanvasControls />
      </ReactFlow>
      <EmptyCanvas />
    </div>
  );
});

/**
 * React Flow measures every card that appears, which lays the page out within the frame and tells
 * all of its listeners. Ours are told with their sizes and outputs; only notes have sizes to find.
 */
function useToldSizes(): void {
  const flow = useStoreApi();
  useState(() => {
    const { updateNodeInternals: measure } = flow.getState();
    const isStep = (id: string): boolean => flow.getState().nodeLookup.get(id)?.type === "step";
    flow.setState({
      updateNodeInternals: (updates) => {
        const others = [...updates].filter(([id]) => !isStep(id));
        if (others.length > 0) measure(new Map(others));
      },
    });
  });
}

/** Where this browser last looked at the workflow, else all of it. */
function useView(viewOf: string | undefined) {
  const [kept] = useState(() => (viewOf === undefined ? null : keptView(viewOf)));
  const onMoveEnd = useCallback(
    (_event: unknown, view: { x: number; y: number; zoom: number }) => {
      if (viewOf !== undefined) keepView(viewOf, view);
    },
    [viewOf],
  );
  useFitAtFirst(kept !== null);
  return kept ? { defaultViewport: kept, onMoveEnd } : { onMoveEnd };
}

/** The wheel pans and zooms with Ctrl held, or the other way round, as one likes. */
function usePanning(readOnly: boolean) {
  const [wheel] = useWheel();
  return {
    panOnScroll: wheel === "pan",
    zoomOnScroll: true,
    panOnDrag: readOnly ? true : [MIDDLE_BUTTON],
  };
}

/** A click opens the step; with a key held down it only adds to the selection. */
function useClicks() {
  const store = useEditorStore();
  const onNodeClick: NodeMouseHandler<CanvasNode> = useCallback(
    (event, node) => {
      if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
      if (node.type === "note") closePanel(store);
      else openPanel(store, node.id);
    },
    [store],
  );
  const onNodeDoubleClick: NodeMouseHandler<CanvasNode> = useCallback(
    (_event, node) => {
      if (node.type === "note") store.setState({ editedNote: node.id });
    },
    [store],
  );
  const onPaneClick = useCallback(() => {
    closePanel(store);
    select(store, []);
    store.setState({ picker: null, menu: null });
  }, [store]);
  return { onNodeClick, onNodeDoubleClick, onPaneClick };
}
