import { Panel, useReactFlow } from "@xyflow/react";
import {
  memo,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";

import type { Box } from "@/graph/geometry";
import { grouped } from "@/graph/grouping";
import { notesOf } from "@/graph/notes";

import { useEditor, useEditorStore } from "../store/EditorContext";
import { seenThrough, type View } from "../store/view";
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
  const painted = usePaintedView();
  return (
    <Panel position="bottom-right" className={`react-flow__minimap ${classes.map ?? ""}`}>
      <svg
        {...useHandlers(painted)}
        ref={painted}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={t("canvas.map")}
      >
        <Kinds />
        <path className={classes.mapMask} />
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
function usePaintedView() {
  const { view } = useEditorStore().getState();
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  const all = useMemo(() => boundsOf(graph, catalog), [graph, catalog]);
  const map = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    let shown: Box | null = null;
    const paint = (now: View): void => {
      const seen = seenThrough(now);
      const frame = framed(enclosing(all ? [all, seen] : [seen]));
      map.current?.lastElementChild?.setAttribute("d", `${around(frame)}${around(seen)}`);
      if (shown !== null && sameBox(shown, frame)) return;
      shown = frame;
      const { x, y, width, height } = frame;
      map.current?.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    };
    paint(view.getState());
    return view.subscribe(paint);
  }, [view, all]);
  return map;
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
function useHandlers(map: RefObject<SVGSVGElement | null>) {
  const flow = useReactFlow();
  useEffect(() => {
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY * WHEEL_STEP));
    };
    const element = map.current;
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [flow, map]);
  return {
    onPointerDown: ({ currentTarget, pointerId }: PointerEvent<SVGSVGElement>) =>
      currentTarget.setPointerCapture(pointerId),
    onPointerMove: ({ currentTarget, nativeEvent }: PointerEvent<SVGSVGElement>) => {
      if (!currentTarget.hasPointerCapture(nativeEvent.pointerId)) return;
      const { x, y, zoom } = flow.getViewport();
      const { movementX, movementY } = nativeEvent;
      const by = (currentTarget.viewBox.baseVal.width / WIDTH) * zoom;
      void flow.setViewport({ x: x - movementX * by, y: y - movementY * by, zoom });
    },
  };
}
