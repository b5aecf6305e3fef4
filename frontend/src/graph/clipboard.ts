/** Steps as text: it pastes into other workflows, other tabs, and a chat and back. */
import { type Catalog } from "./catalog";
import { freeEdgeId, freeNodeId, idsOf } from "./queries";
import { readGraphJson } from "./reading";
import {
  isObject,
  MAXIMUM_NODES,
  type Config,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type Json,
  type Position,
} from "./values";

export interface Clip {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export type ClipFault = "not_steps" | "newer" | "too_many";

const MARK = "steps";
const CLIP_SCHEMA = 1;

/** The chosen steps with the edges between them. */
export function copySteps(graph: Graph, ids: ReadonlySet<string>): string {
  const clip: Clip = {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  };
  return JSON.stringify({ cartwheel: MARK, schema: CLIP_SCHEMA, ...clip }, null, 2);
}

/** Takes a copied selection, a workflow's graph, and a workflow's file with the graph in it. */
export function readClip(text: string): Clip | ClipFault {
  const whole = parse(text);
  if (whole === undefined) return "not_steps";
  const document = isObject(whole.graph) ? whole.graph : whole;
  if (isNewer(whole)) return "newer";
  if (isNewer(document)) return "newer";
  if (Array.isArray(document.nodes) && document.nodes.length > MAXIMUM_NODES) return "too_many";
  const graph = readGraphJson(document);
  if (graph === null || graph.nodes.length === 0) return "not_steps";
  return { nodes: graph.nodes, edges: graph.edges };
}

const isNewer = ({ schema }: { readonly [key: string]: unknown }): boolean =>
  typeof schema === "number" && schema > CLIP_SCHEMA;

function parse(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The clip with new ids that fit into the graph, moved by `offset`. Texts that name a copied step
 * name the copy afterwards. A trigger stays behind where the graph already has one.
 */
export function fitClip(graph: Graph, catalog: Catalog, clip: Clip, offset: Position): Clip {
  const hasTrigger = graph.nodes.some((node) => catalog.isTrigger(node.type));
  const copied = clip.nodes.filter((node) => !hasTrigger || !catalog.isTrigger(node.type));
  const renamed = renameNodes(graph, copied);
  const nodes = copied.map((node) => ({
    ...node,
    id: renamed.get(node.id) ?? node.id,
    config: renameReferences(node.config, renamed) as Config,
    position: { x: node.position.x + offset.x, y: node.position.y + offset.y },
  }));
  return { nodes, edges: renameEdges(graph, clip.edges, renamed) };
}

function renameNodes(graph: Graph, nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const taken = new Set(idsOf(graph.nodes));
  const renamed = new Map<string, string>();
  for (const node of nodes) {
    const id = freeNodeId(taken, node.type);
    taken.add(id);
    renamed.set(node.id, id);
  }
  return renamed;
}

function renameEdges(
  graph: Graph,
  edges: readonly GraphEdge[],
  renamed: ReadonlyMap<string, string>,
): readonly GraphEdge[] {
  const taken = new Set(idsOf(graph.edges));
  return edges.flatMap((edge) => {
    const source = renamed.get(edge.source);
    const target = renamed.get(edge.target);
    if (source === undefined || target === undefined) return [];
    const id = freeEdgeId(taken, source, target);
    taken.add(id);
    return [{ ...edge, id, source, target }];
  });
}

function renameReferences(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") {
    return value.replaceAll(/\bsteps\.(\w+)/g, (text, id: string) => {
      const replaced = renamed.get(id);
      return replaced === undefined ? text : `steps.${replaced}`;
    });
  }
  if (Array.isArray(value)) return (value as Json[]).map((item) => renameReferences(item, renamed));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, renameReferences(item, renamed)]),
  );
}
