/** Two states of one workflow in one drawing: what stands in both, what came and what went. */
import { type Catalog } from "./catalog";
import { differencesOf } from "./differences";
import { overlaps } from "./geometry";
import { layout } from "./layout";
import { boxOf } from "./placing";
import { idsOf, nodeById } from "./queries";
import { type Graph, without } from "./values";

export type Mark = "added" | "changed" | "removed";

export interface Comparison {
  readonly graph: Graph;
  /** By step; a step that is the same in both has none. */
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Drawn as `shown` stands, which is one of the two, with the steps that only the other one has. */
export function comparison(
  before: Graph,
  after: Graph,
  shown: Graph,
  catalog: Catalog,
): Comparison {
  const { added, changed, removed } = differencesOf(before, after);
  const marks = new Map<string, Mark>([
    ...added.map(({ id }): [string, Mark] => [id, "added"]),
    ...changed.map(({ after: { id } }): [string, Mark] => [id, "changed"]),
    ...removed.map(({ id }): [string, Mark] => [id, "removed"]),
  ]);
  const graph = united(shown, shown === before ? after : before);
  return { graph: isCrowded(graph, catalog) ? laidOut(graph, catalog) : graph, marks };
}

function united(shown: Graph, other: Graph): Graph {
  const extra = other.nodes.filter(({ id }) => nodeById(shown, id) === undefined);
  const isExtra = idsOf(extra);
  const taken = idsOf(shown.edges);
  const edges = other.edges
    .filter(({ source, target }) => isExtra.has(source) || isExtra.has(target))
    .map((edge) => (taken.has(edge.id) ? { ...edge, id: `${edge.id}+` } : edge));
  return { ...shown, nodes: [...shown.nodes, ...extra], edges: [...shown.edges, ...edges] };
}

function isCrowded(graph: Graph, catalog: Catalog): boolean {
  const boxes = graph.nodes.map((node) => boxOf(graph, catalog, node));
  return boxes.some((box, index) => boxes.slice(index + 1).some((other) => overlaps(box, other)));
}

/** Notes would lie beside nothing any more, so they are left out. */
function laidOut(graph: Graph, catalog: Catalog): Graph {
  const places = layout(graph, catalog);
  const nodes = graph.nodes.map((node) => ({
    ...node,
    position: places.get(node.id) ?? node.position,
  }));
  return { ...without(graph, "notes"), nodes };
}
