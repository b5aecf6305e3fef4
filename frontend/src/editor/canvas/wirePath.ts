import { getBezierPath, Position as Side } from "@xyflow/react";

import type { Catalog } from "@/graph/catalog";
import { CARD_WIDTH, HEADER_HEIGHT, portHeight } from "@/graph/geometry";
import { portsOf } from "@/graph/queries";
import type { Graph, GraphNode, Position } from "@/graph/values";

/** Where a step's output stands on the canvas, seen from the step's corner. */
export function outputPlace(
  graph: Graph,
  catalog: Catalog,
  step: GraphNode,
  port: string,
): Position {
  const ports = portsOf(graph, step, catalog.get(step.type));
  return { x: CARD_WIDTH, y: portHeight(ports, port) };
}

export const wirePath = (output: Position, target: Position): string =>
  wireCurve(output, target)[0];

/** The curve of a wire from an output into the card at `target`, and the point half way along. */
export function wireCurve(output: Position, target: Position) {
  return getBezierPath({
    sourceX: output.x,
    sourceY: output.y,
    targetX: target.x,
    targetY: target.y + HEADER_HEIGHT / 2,
    sourcePosition: Side.Right,
    targetPosition: Side.Left,
  });
}
