import { type Edge, type Node, Position as Side } from "@xyflow/react";

import type { Catalog } from "@/graph/catalog";
import { cardSize, CARD_WIDTH, HEADER_HEIGHT, portHeight } from "@/graph/geometry";
import { portsOf } from "@/graph/queries";
import type { Graph, GraphEdge, GraphNode, Position } from "@/graph/values";

export type StepNode = Node<{ readonly step: GraphNode }, "step">;
export type WireEdge = Edge<{ readonly wire: GraphEdge }, "wire">;

/**
 * Makes what React Flow draws, and gives back the same objects as long as nothing about them
 * changed: React Flow then draws only what did.
 */
export class FlowElements {
  private nodes = new Map<string, StepNode>();
  private edges = new Map<string, WireEdge>();

  constructor(
    private readonly catalog: Catalog,
    private readonly nameOf: (step: GraphNode) => string,
  ) {}

  nodesFor(
    graph: Graph,
    selected: ReadonlySet<string>,
    moving: ReadonlyMap<string, Position>,
  ): StepNode[] {
    const next = graph.nodes.map((step) => {
      const position = moving.get(step.id) ?? step.position;
      const known = this.nodes.get(step.id);
      const isSelected = selected.has(step.id);
      const fits = known?.data.step === step && samePlace(known.position, position);
      if (fits && known.selected === isSelected) return known;
      return this.node(graph, step, position, isSelected);
    });
    this.nodes = new Map(next.map((node) => [node.id, node]));
    return next;
  }

  edgesFor(graph: Graph, selected: ReadonlySet<string>): WireEdge[] {
    const next = graph.edges.map((wire): WireEdge => {
      const known = this.edges.get(wire.id);
      const isSelected = selected.has(wire.id);
      if (known?.data?.wire === wire && known.selected === isSelected) return known;
      return { ...wire, type: "wire", data: { wire }, selected: isSelected };
    });
    this.edges = new Map(next.map((edge) => [edge.id, edge]));
    return next;
  }

  /** Sizes and outputs are told, so that nothing has to be measured and edges can be drawn at once. */
  private node(graph: Graph, step: GraphNode, position: Position, selected: boolean): StepNode {
    const ports = portsOf(graph, step, this.catalog.get(step.type));
    const handle = { width: 1, height: 1 };
    const outputs = ports.map((port) => ({
      ...handle,
      id: port.id,
      type: "source" as const,
      position: Side.Right,
      x: CARD_WIDTH,
      y: portHeight(ports, port.id),
    }));
    const input = {
      ...handle,
      id: "in",
      type: "target" as const,
      position: Side.Left,
      x: 0,
      y: HEADER_HEIGHT / 2,
    };
    const handles = this.catalog.isTrigger(step.type) ? outputs : [input, ...outputs];
    const size = cardSize(ports);
    return {
      id: step.id,
      type: "step",
      position,
      data: { step },
      selected,
      handles,
      ariaLabel: this.nameOf(step),
      ...size,
      measured: size,
    };
  }
}

function samePlace(one: Position, other: Position): boolean {
  return one.x === other.x && one.y === other.y;
}
