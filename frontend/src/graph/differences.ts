/** What a draft does that the live version does not. Places, notes and pins count for nothing. */
import { nodeById } from "./queries";
import { sameJson } from "./sameGraph";
import {
  sameConnection,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphSettings,
  type Json,
  without,
} from "./values";

export interface StepChange {
  readonly before: GraphNode;
  readonly after: GraphNode;
  /** The names of the settings that differ. */
  readonly settings: readonly string[];
}

export interface Differences {
  readonly added: readonly GraphNode[];
  readonly removed: readonly GraphNode[];
  readonly changed: readonly StepChange[];
  /** Lines between steps that both drawings have. */
  readonly drawn: readonly GraphEdge[];
  readonly erased: readonly GraphEdge[];
  /** Whether a setting of the whole workflow differs, such as who may start it again. */
  readonly inSettings: boolean;
}

export function differencesOf(live: Graph, draft: Graph): Differences {
  const added = missingFrom(live, draft);
  const removed = missingFrom(draft, live);
  return {
    added,
    removed,
    changed: draft.nodes.flatMap((after) => stepChange(nodeById(live, after.id), after)),
    drawn: linesOnlyIn(draft, live),
    erased: linesOnlyIn(live, draft),
    inSettings: !sameJson(running(live.settings), running(draft.settings)),
  };
}

export function isNothing(found: Differences): boolean {
  const lists = [found.added, found.removed, found.changed, found.drawn, found.erased];
  return lists.every((list) => list.length === 0) && !found.inSettings;
}

function missingFrom(one: Graph, other: Graph): readonly GraphNode[] {
  return other.nodes.filter((node) => nodeById(one, node.id) === undefined);
}

function stepChange(before: GraphNode | undefined, after: GraphNode): readonly StepChange[] {
  if (before === undefined) return [];
  const names = new Set([...Object.keys(before.config), ...Object.keys(after.config)]);
  const settings = [...names].filter((name) => !sameJson(before.config[name], after.config[name]));
  const isSame =
    before.type === after.type &&
    before.label === after.label &&
    (before.disabled ?? false) === (after.disabled ?? false);
  return isSame && settings.length === 0 ? [] : [{ before, after, settings }];
}

/** A line that only gave way to a step put into it, or that closes the gap of one taken out, tells
 * nothing that the step itself does not tell. */
function linesOnlyIn(one: Graph, other: Graph): readonly GraphEdge[] {
  return one.edges.filter(
    (edge) =>
      !other.edges.some((each) => sameConnection(each, edge)) &&
      nodeById(other, edge.source) !== undefined &&
      nodeById(other, edge.target) !== undefined &&
      !leadsThroughNew(other, one, edge),
  );
}

/** Whether `graph` goes the way of `edge` through steps that `without` does not have. */
function leadsThroughNew(graph: Graph, without: Graph, edge: GraphEdge): boolean {
  const seen = new Set<string>();
  const open = graph.edges.filter(
    ({ source, sourceHandle }) => source === edge.source && sourceHandle === edge.sourceHandle,
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { target } = next;
    if (target === edge.target) return true;
    if (seen.has(target) || nodeById(without, target) !== undefined) continue;
    seen.add(target);
    open.push(...graph.edges.filter(({ source }) => source === target));
  }
  return false;
}

/** Pins count in tests only. */
function running(settings: GraphSettings): Json {
  return without(settings, "pins") as Json;
}
