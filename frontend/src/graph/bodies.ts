/** The steps that a repeating step repeats: everything behind its way out `body`. */
import { type Catalog } from "./catalog";
import { type Box } from "./geometry";
import { boxOf } from "./placing";
import { downstream } from "./queries";
import { BODY_PORT, type Graph, type GraphNode, type Position } from "./values";

export interface Body {
  /** The repeating step. */
  readonly owner: GraphNode;
  readonly members: ReadonlySet<string>;
  /** How many bodies stand within this one. */
  readonly holds: number;
}

export function bodiesOf(graph: Graph): readonly Body[] {
  const begun = graph.edges.filter((edge) => edge.sourceHandle === BODY_PORT);
  if (begun.length === 0) return [];
  const found = graph.nodes.flatMap((owner) => {
    const members = new Set<string>();
    for (const { source, target } of begun) {
      if (source !== owner.id) continue;
      for (const id of [target, ...downstream(graph, target)]) members.add(id);
    }
    return members.size === 0 ? [] : [{ owner, members }];
  });
  return found.map((body) => ({
    ...body,
    holds: found.filter(({ owner }) => body.members.has(owner.id)).length,
  }));
}

const MARGIN = 22;
const HEAD = 26;

/** Around all its steps, with room for the bodies within it. `placeOf` knows who is being moved. */
export function frameOf(
  graph: Graph,
  catalog: Catalog,
  { members, holds }: Body,
  placeOf: (node: GraphNode) => Position,
): Box {
  const boxes = graph.nodes
    .filter(({ id }) => members.has(id))
    .map((node) => boxOf(graph, catalog, { ...node, position: placeOf(node) }));
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const margin = MARGIN * (holds + 1);
  const head = HEAD * (holds + 1);
  return {
    x: left - margin,
    y: top - margin - head,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin + head,
  };
}
