import { type Edge, type Node, Position as Side } from "@xyflow/react";

import type { Catalog } from "@/graph/catalog";
import { cardSize, CARD_WIDTH, HEADER_HEIGHT, portHeight } from "@/graph/geometry";
import { type GraphNote, notesOf } from "@/graph/notes";
import { portsOf } from "@/graph/queries";
import type { Graph, GraphEdge, GraphNode, Position } from "@/graph/values";

/** Names for those who hear the canvas. */
export interface ElementWords {
  readonly nameOf: (step: GraphNode) => string;
  readonly note: string;
  readonly lineOf: (from: string, to: string) => string;
}

export type StepNode = Node<{ readonly step: GraphNode; readonly far: boolean }, "step">;
export type NoteNode = Node<{ readonly note: GraphNote }, "note">;
export type CanvasNode = StepNode | NoteNode;
export type WireEdge = Edge<{ readonly wire: GraphEdge; readonly far: boolean }, "wire">;

/** What is drawn of the graph, and how. */
export interface Look {
  readonly selected: ReadonlySet<string>;
  readonly far: boolean;
  readonly isDrawn: (id: string) => boolean;
}

export interface StepLook extends Look {
  /** Where steps stand that are not where the graph has them. */
  readonly moving: ReadonlyMap<string, Position>;
}

/**
 * Makes what React Flow draws, and gives back the same objects as long as nothing about them
 * changed: React Flow then draws only what did.
 */
export class FlowElements {
  private nodes = new Map<string, StepNode>();
  private edges = new Map<string, WireEdge>();
  private notes = new Map<string, NoteNode>();

  constructor(
    private readonly catalog: Catalog,
    private readonly words: ElementWords,
  ) {}

  nodesFor(graph: Graph, look: StepLook): StepNode[] {
    const steps = graph.nodes.filter(({ id }) => look.isDrawn(id));
    const tabStop = tabStopOf(steps, look.selected);
    const next = steps.map((step) => {
      const position = look.moving.get(step.id) ?? step.position;
      const known = this.nodes.get(step.id);
      const isTabStop = step.id === tabStop;
      const selected = look.selected.has(step.id);
      const fits = known?.data.step === step && samePlace(known.position, position);
      const isSame = known?.selected === selected && known.domAttributes === tabs(isTabStop);
      if (fits && isSame && known.data.far === look.far) return known;
      const data = { step, far: look.far };
      if (known?.data.step === step) {
        return { ...known, position, data, selected, domAttributes: tabs(isTabStop) };
      }
      return this.node(graph, data, position, { selected, isTabStop });
    });
    this.nodes = new Map(next.map((node) => [node.id, node]));
    return next;
  }

  /** Each is a stop of Tab: there are few, and no line leads to them. */
  notesFor(graph: Graph, { selected, moving }: StepLook): NoteNode[] {
    const next = notesOf(graph).map((note) => {
      const position = moving.get(note.id) ?? note.position;
      const known = this.notes.get(note.id);
      const isSelected = selected.has(note.id);
      const fits = known?.data.note === note && samePlace(known.position, position);
      if (fits && known.selected === isSelected) return known;
      return this.note(note, position, isSelected);
    });
    this.notes = new Map(next.map((node) => [node.id, node]));
    return next;
  }

  edgesFor(graph: Graph, look: Look): WireEdge[] {
    const names = this.namesIn(graph);
    const wires = graph.edges.filter(({ id }) => look.isDrawn(id));
    const next = wires.map((wire) => {
      const known = this.edges.get(wire.id);
      const selected = look.selected.has(wire.id);
      const isSame = known?.data?.wire === wire && known.selected === selected;
      if (isSame && known.data?.far === look.far) return known;
      return this.edge({ wire, far: look.far }, selected, names);
    });
    this.edges = new Map(next.map((edge) => [edge.id, edge]));
    return next;
  }

  /** Made only when an edge has to be drawn anew. */
  private namesIn(graph: Graph): (id: string) => string {
    let names: ReadonlyMap<string, string> | null = null;
    return (id) => {
      names ??= new Map(graph.nodes.map((step) => [step.id, this.words.nameOf(step)]));
      return names.get(id) ?? id;
    };
  }

  private edge(
    data: NonNullable<WireEdge["data"]>,
    selected: boolean,
    nameOf: (id: string) => string,
  ): WireEdge {
    const { wire } = data;
    return {
      ...wire,
      type: "wire",
      data,
      selected,
      domAttributes: tabs(false),
      ariaLabel: this.words.lineOf(nameOf(wire.source), nameOf(wire.target)),
    };
  }

  private note(note: GraphNote, position: Position, selected: boolean): NoteNode {
    const size = { width: note.width, height: note.height };
    return {
      id: note.id,
      type: "note",
      position,
      data: { note },
      selected,
      handles: [],
      connectable: false,
      zIndex: BEHIND_STEPS,
      domAttributes: tabs(true),
      ariaLabel: this.words.note,
      ...size,
      measured: size,
    };
  }

  /** Sizes and outputs are told, so that nothing has to be measured and edges can be drawn at once. */
  private node(
    graph: Graph,
    data: StepNode["data"],
    position: Position,
    { selected, isTabStop }: { readonly selected: boolean; readonly isTabStop: boolean },
  ): StepNode {
    const { step } = data;
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
      data,
      selected,
      handles,
      domAttributes: tabs(isTabStop),
      ariaLabel: this.words.nameOf(step),
      ...size,
      measured: size,
    };
  }
}

/** Tab stops at one card only; the arrows lead on from there. */
function tabStopOf(steps: readonly GraphNode[], selected: ReadonlySet<string>): string | undefined {
  const last = [...selected].at(-1);
  return steps.some(({ id }) => id === last) ? last : steps[0]?.id;
}

const BEHIND_STEPS = -1;
const TABBED = { tabIndex: 0 };
const NOT_TABBED = { tabIndex: -1 };

const tabs = (isTabStop: boolean) => (isTabStop ? TABBED : NOT_TABBED);

function samePlace(one: Position, other: Position): boolean {
  return one.x === other.x && one.y === other.y;
}
