/**
 * A graph in the making: commands change it step by step, and it notes down every change with its
 * inverse.
 */
import { applyChanges, type Change } from "./changes";
import { type GraphNote, notesOf } from "./notes";
import { edgeById, freeEdgeId, idsOf, nodeById } from "./queries";
import {
  sameConnection,
  type Connection,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphSettings,
} from "./values";

export class Sketch {
  private current: Graph;
  private readonly noted: Change[] = [];

  constructor(graph: Graph) {
    this.current = graph;
  }

  get graph(): Graph {
    return this.current;
  }

  get changes(): readonly Change[] {
    return this.noted;
  }

  insertNodes(nodes: readonly GraphNode[]): void {
    const end = this.current.nodes.length;
    this.note(
      nodes.map((after, offset) => ({ list: "nodes", index: end + offset, before: null, after })),
    );
  }

  insertEdges(edges: readonly GraphEdge[]): void {
    const end = this.current.edges.length;
    this.note(
      edges.map((after, offset) => ({ list: "edges", index: end + offset, before: null, after })),
    );
  }

  insertNotes(notes: readonly GraphNote[]): void {
    const end = notesOf(this.current).length;
    this.note(
      notes.map((after, offset) => ({ list: "notes", index: end + offset, before: null, after })),
    );
  }

  /** Does nothing where the same edge is already there. */
  connect(connection: Connection): void {
    if (this.current.edges.some((edge) => sameConnection(edge, connection))) return;
    const id = freeEdgeId(idsOf(this.current.edges), connection.source, connection.target);
    this.insertEdges([{ id, ...connection }]);
  }

  removeNodes(ids: ReadonlySet<string>): void {
    this.note(removals(this.current.nodes, "nodes", (node) => ids.has(node.id)));
  }

  removeNotes(ids: ReadonlySet<string>): void {
    this.note(removals(notesOf(this.current), "notes", (note) => ids.has(note.id)));
  }

  removeEdges(isGone: (edge: GraphEdge) => boolean): void {
    this.note(removals(this.current.edges, "edges", isGone));
  }

  /** Replaces nodes in one pass; `change` returns the same node to leave it alone. */
  mapNodes(change: (node: GraphNode) => GraphNode): void {
    this.note(replacements(this.current.nodes, "nodes", change));
  }

  mapEdges(change: (edge: GraphEdge) => GraphEdge): void {
    this.note(replacements(this.current.edges, "edges", change));
  }

  mapNotes(change: (note: GraphNote) => GraphNote): void {
    this.note(replacements(notesOf(this.current), "notes", change));
  }

  setSettings(after: GraphSettings): void {
    this.note([{ list: "settings", before: this.current.settings, after }]);
  }

  node(id: string): GraphNode | undefined {
    return nodeById(this.current, id);
  }

  edge(id: string): GraphEdge | undefined {
    return edgeById(this.current, id);
  }

  private note(changes: readonly Change[]): void {
    this.current = applyChanges(this.current, changes);
    this.noted.push(...changes);
  }
}

/** From the end to the front, so that the indexes of those still to come stay true. */
function removals<Item extends GraphNode | GraphEdge | GraphNote>(
  items: readonly Item[],
  list: "nodes" | "edges" | "notes",
  isGone: (item: Item) => boolean,
): readonly Change[] {
  return items
    .flatMap((before, index) =>
      isGone(before) ? [{ list, index, before, after: null } as Change] : [],
    )
    .reverse();
}

function replacements<Item extends GraphNode | GraphEdge | GraphNote>(
  items: readonly Item[],
  list: "nodes" | "edges" | "notes",
  change: (item: Item) => Item,
): readonly Change[] {
  return items.flatMap((before, index) => {
    const after = change(before);
    return after === before ? [] : [{ list, index, before, after } as Change];
  });
}
