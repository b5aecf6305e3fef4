/** The first half of the layout: which column each step stands in, and in what order. */
import { grouped } from "../grouping";
import { type Graph } from "../values";
import { untangle } from "./ordering";

/** One place in a column: a step, or a bend of an edge that passes this column by. */
export interface Slot {
  readonly id: string;
  readonly isBend: boolean;
}

/** An edge between neighbouring columns, after long edges were cut at their bends. */
export interface Link {
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
}

export interface Layers {
  readonly columns: readonly (readonly Slot[])[];
  readonly links: readonly Link[];
}

/** Column numbers by longest path; an edge that would close a cycle is left out. */
export function columnsOf(graph: Graph): ReadonlyMap<string, number> {
  const waiting = new Map(graph.nodes.map((node) => [node.id, 0]));
  const edges = graph.edges.filter((edge) => waiting.has(edge.source) && waiting.has(edge.target));
  const leaving = grouped(edges, (edge) => edge.source);
  for (const edge of edges) waiting.set(edge.target, (waiting.get(edge.target) ?? 0) + 1);
  const columns = new Map<string, number>();
  const ready = graph.nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  for (const id of ready) columns.set(id, 0);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const edge of leaving.get(id) ?? []) {
      const next = (columns.get(id) ?? 0) + 1;
      columns.set(edge.target, Math.max(columns.get(edge.target) ?? 0, next));
      const left = (waiting.get(edge.target) ?? 1) - 1;
      waiting.set(edge.target, left);
      if (left === 0) ready.push(edge.target);
    }
  }
  // What is left stands in a cycle, which only a graph from elsewhere can hold.
  for (const node of graph.nodes) if (!columns.has(node.id)) columns.set(node.id, 0);
  return columns;
}

/** Every step in its column, long edges cut into links with bends in the columns between. */
export function layersOf(graph: Graph, portOrder: (link: Link) => number): Layers {
  const columnOf = columnsOf(graph);
  const width = Math.max(-1, ...columnOf.values()) + 1;
  const columns: Slot[][] = Array.from({ length: width }, () => []);
  const links: Link[] = [];
  for (const node of graph.nodes)
    columns[columnOf.get(node.id) ?? 0]?.push({ id: node.id, isBend: false });
  for (const edge of graph.edges) {
    const from = columnOf.get(edge.source) ?? 0;
    const to = columnOf.get(edge.target) ?? 0;
    let source = edge.source;
    for (let column = from + 1; column < to; column += 1) {
      const bend = `${edge.id}\n${String(column)}`;
      columns[column]?.push({ id: bend, isBend: true });
      links.push({ source, sourceHandle: edge.sourceHandle, target: bend });
      source = bend;
    }
    if (from < to) links.push({ source, sourceHandle: edge.sourceHandle, target: edge.target });
  }
  return { columns: untangle(columns, links, portOrder), links };
}
