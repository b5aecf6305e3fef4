import { memo, useMemo } from "react";

import type { Catalog } from "@/graph/catalog";
import { grouped } from "@/graph/grouping";
import type { Graph, GraphEdge, GraphNode, Position } from "@/graph/values";

import type { Trace } from "../store/trace";
import { useEditor, useMotion } from "../store/EditorContext";
import { OnCanvas } from "./OnCanvas";
import classes from "./Wire.module.css";
import { outputPlace, wireCurve, wirePath } from "./wirePath";

/** Lines that share an element: few elements, each in one part of the canvas. */
const BUNDLE = 40;

interface Props {
  readonly graph: Graph;
  readonly far: boolean;
  /** Those that React Flow draws, with all that can be done to them. */
  readonly apart: ReadonlySet<string>;
  readonly onPoint: (edgeId: string) => void;
}

/**
 * The lines of a large workflow: bundles of them are one path each, because every element of React
 * Flow has its price in every frame. The line that somebody points at is drawn by itself.
 */
export const ManyLines = memo(function ManyLines({ graph, far, apart, onPoint }: Props) {
  const catalog = useEditor((state) => state.catalog);
  const movers = useMotion((motion) => motion.movers);
  const lines = useMemo(() => linesOf(graph, catalog), [graph, catalog]);
  const isStill = ({ from, to }: Line): boolean => !movers.has(from.id) && !movers.has(to.id);
  const still = movers.size === 0 ? lines : lines.filter(isStill);
  return (
    <OnCanvas>
      <svg className={classes.many} aria-hidden data-far={far || undefined}>
        <Bundles lines={still} far={far} apart={apart} />
        {still.length < lines.length && (
          <MovingLines lines={lines.filter((line) => !isStill(line))} far={far} apart={apart} />
        )}
        {!far && <Targets lines={lines} onPoint={onPoint} />}
      </svg>
    </OnCanvas>
  );
});

/** What the pointer finds of the lines: a line that passes below it during a pan is not meant. */
const Targets = memo(function Targets({
  lines,
  onPoint,
}: {
  lines: readonly Line[];
  onPoint: (edgeId: string) => void;
}) {
  return lines.map(({ edge: { id }, path }) => (
    <path key={id} d={path} data-wire={id} onPointerMove={() => onPoint(id)} />
  ));
});

interface Line {
  readonly edge: GraphEdge;
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly output: Position;
  readonly path: string;
  /** Where a number beside it stands. */
  readonly middle: Position;
}

function linesOf(graph: Graph, catalog: Catalog): readonly Line[] {
  const steps = new Map(graph.nodes.map((step) => [step.id, step]));
  return graph.edges.flatMap((edge) => {
    const from = steps.get(edge.source);
    const to = steps.get(edge.target);
    if (!from || !to) return [];
    const output = outputPlace(graph, catalog, from, edge.sourceHandle);
    const [path, x, y] = wireCurve(plus(from.position, output), to.position);
    return [{ edge, from, to, output, path, middle: { x, y: y - 8 } }];
  });
}

const plus = (one: Position, other: Position): Position => ({
  x: one.x + other.x,
  y: one.y + other.y,
});

interface LinesProps {
  lines: readonly Line[];
  far: boolean;
  apart: ReadonlySet<string>;
}

function MovingLines({ lines, ...look }: LinesProps) {
  const moving = useMotion((motion) => motion.moving);
  const placeOf = (step: GraphNode): Position => moving.get(step.id) ?? step.position;
  const moved = lines.map((line) => ({
    ...line,
    path: wirePath(plus(placeOf(line.from), line.output), placeOf(line.to)),
  }));
  return <Bundles lines={moved} {...look} />;
}

const Bundles = memo(function Bundles({ lines, far, apart }: LinesProps) {
  const trace = useEditor((state) => state.trace);
  const drawn = apart.size === 0 ? lines : lines.filter(({ edge }) => !apart.has(edge.id));
  const bundles = grouped(drawn.entries(), ([index, { edge }]) => {
    const place = Math.floor(index / BUNDLE);
    return `${place} ${tracedAs(trace, edge.id) ?? ""}`;
  });
  const counted =
    far || trace === null ? [] : lines.filter(({ edge }) => trace.edgeCounts.has(edge.id));
  return (
    <>
      {[...bundles].map(([key, members]) => (
        <g
          key={key}
          className={classes.wire}
          data-far={far || undefined}
          data-trace={tracedAs(trace, members[0]?.[1].edge.id)}
        >
          <path className={classes.line} d={members.map(([, { path }]) => path).join("")} />
        </g>
      ))}
      {counted.map(({ edge, middle }) => (
        <text key={edge.id} {...middle} textAnchor="middle" className={classes.count}>
          {`${trace?.edgeCounts.get(edge.id) ?? 1}×`}
        </text>
      ))}
    </>
  );
});

function tracedAs(trace: Trace | null, edgeId = ""): "taken" | "untaken" | undefined {
  if (trace === null) return undefined;
  return trace.takenEdges.has(edgeId) ? "taken" : "untaken";
}
