import { Panel, type ReactFlowState, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { memo, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Box } from "@/graph/geometry";
import { grouped } from "@/graph/grouping";
import { notesOf } from "@/graph/notes";

import { useEditor } from "../store/EditorContext";
import classes from "./Canvas.module.css";
import { boundsOf, boxesOf, enclosing } from "./fitting";

const WIDTH = 150;
const HEIGHT = 96;
/** Of the map, on each side, in its pixels. */
const MARGIN = 5;
const CORNER = 20;

/**
 * The small map, which pans and zooms. All steps of a kind are one path: React Flow's own has an
 * element for each, which is laid out again with every frame of a pan.
 */
export function SmallMap() {
  const { t } = useTranslation("editor");
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const all = useMemo(() => boundsOf(graph, catalog), [graph, catalog]);
  const frame = useStore(
    (state) => framed(enclosing([...(all ? [all] : []), viewOf(state)])),
    sameBox,
  );
  const handlers = useHandlers(frame.width / WIDTH);
  return (
    <Panel position="bottom-right" className={`react-flow__minimap ${classes.map ?? ""}`}>
      <svg
        {...handlers}
        width={WIDTH}
        height={HEIGHT}
        viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
        role="img"
        aria-label={t("canvas.map")}
      >
        <Kinds />
        <path className={classes.mapMask} ref={usePaintedMask(frame)} />
      </svg>
    </Panel>
  );
}

const Kinds = memo(function Kinds() {
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const paths = useMemo(() => {
    const byId = new Map(graph.nodes.map(({ id, type }) => [id, catalog.get(type)?.category]));
    const notes = new Set(notesOf(graph).map(({ id }) => id));
    const colorOf = (id: string): string => {
      if (notes.has(id)) return "var(--cw-line-strong)";
      const category = byId.get(id);
      return category ? `var(--cw-kind-${category})` : "var(--cw-text-muted)";
    };
    const groups = grouped([...boxesOf(graph, catalog)], ([id]) => colorOf(id));
    return [...groups].map(([color, members]): [string, string] => [
      color,
      members.map(([, box]) => rounded(box)).join(""),
    ]);
  }, [graph, catalog]);
  return paths.map(([color, path]) => <path key={color} d={path} style={{ fill: color }} />);
});

/** Follows the view without rendering: it changes with every frame of a pan. */
function usePaintedMask(frame: Box) {
  const flow = useStoreApi();
  const mask = useRef<SVGPathElement>(null);
  useLayoutEffect(() => {
    const paint = (state: ReactFlowState): void =>
      mask.current?.setAttribute("d", `${around(frame)}${around(viewOf(state))}`);
    paint(flow.getState());
    return flow.subscribe((now, before) => {
      const isSame = now.transform === before.transform && now.width === before.width;
      if (!isSame || now.height !== before.height) paint(now);
    });
  }, [flow, frame]);
  return mask;
}

function viewOf({ transform: [x, y, zoom], width, height }: ReactFlowState): Box {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

const sameBox = (one: Box, other: Box): boolean =>
  one.x === other.x &&
  one.y === other.y &&
  one.width === other.width &&
  one.height === other.height;

/** With the shape of the map, and its margin. */
function framed({ x, y, width, height }: Box): Box {
  const scale = Math.max(width / WIDTH, height / HEIGHT);
  const wide = scale * (WIDTH + 2 * MARGIN);
  const high = scale * (HEIGHT + 2 * MARGIN);
  return { x: x - (wide - width) / 2, y: y - (high - height) / 2, width: wide, height: high };
}

const around = ({ x, y, width, height }: Box): string => `M${x},${y}h${width}v${height}h${-width}z`;

function rounded({ x, y, width, height }: Box): string {
  const corner = (dx: number, dy: number): string =>
    `a${CORNER},${CORNER} 0 0 1 ${dx * CORNER},${dy * CORNER}`;
  const [wide, high] = [width - 2 * CORNER, height - 2 * CORNER];
  return (
    `M${x + CORNER},${y}h${wide}${corner(1, 1)}v${high}${corner(-1, 1)}` +
    `h${-wide}${corner(-1, -1)}v${-high}${corner(1, -1)}z`
  );
}

const WHEEL_STEP = 0.002;

/** Pulling the map moves the view, its wheel zooms. */
function useHandlers(scale: number) {
  const flow = useReactFlow();
  const map = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY * WHEEL_STEP));
    };
    const element = map.current;
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [flow]);
  return {
    ref: map,
    onPointerDown: ({ currentTarget, pointerId }: PointerEvent<SVGSVGElement>) =>
      currentTarget.setPointerCapture(pointerId),
    onPointerMove: ({ currentTarget, nativeEvent }: PointerEvent<SVGSVGElement>) => {
      if (!currentTarget.hasPointerCapture(nativeEvent.pointerId)) return;
      const { x, y, zoom } = flow.getViewport();
      const { movementX, movementY } = nativeEvent;
      const by = scale * zoom;
      void flow.setViewport({ x: x - movementX * by, y: y - movementY * by, zoom });
    },
  };
}
