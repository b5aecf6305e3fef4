/** Steps as text: it pastes into other workflows, other tabs, and a chat and back. */
import { type Catalog } from "./catalog";
import { type GraphNote, MAXIMUM_NOTES, notesOf } from "./notes";
import { freeEdgeId, freeNodeId, idsOf, takenIds } from "./queries";
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
  readonly notes: readonly GraphNote[];
}

export type ClipFault = "not_steps" | "newer" | "too_many";

const MARK = "steps";
const CLIP_SCHEMA = 1;
const NOTE_TYPE = "note";

/** The chosen steps with the edges between them, and the chosen notes. */
export function copySteps(graph: Graph, ids: ReadonlySet<string>): string {
  const clip: Clip = {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    notes: notesOf(graph).filter((note) => ids.has(note.id)),
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
  if (graph === null || graph.nodes.length + notesOf(graph).length === 0) return "not_steps";
  return { nodes: graph.nodes, edges: graph.edges, notes: notesOf(graph) };
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
  const renamed = renameNodes(graph, copied, clip.notes);
  const nodes = copied.map((node) => ({
    ...node,
    id: renamed.get(node.id) ?? node.id,
    config: renameReferences(node.config, renamed) as Config,
    position: shifted(node.position, offset),
  }));
  const room = MAXIMUM_NOTES - notesOf(graph).length;
  const notes = clip.notes.slice(0, room).map((note) => ({
    ...note,
    id: renamed.get(note.id) ?? note.id,
    position: shifted(note.position, offset),
  }));
  return { nodes, edges: renameEdges(graph, clip.edges, renamed), notes };
}

const shifted = ({ x, y }: Position, by: Position): Position => ({ x: x + by.x, y: y + by.y });

function renameNodes(
  graph: Graph,
  nodes: readonly GraphNode[],
  notes: readonly GraphNote[],
): ReadonlyMap<string, string> {
  const taken = new Set(takenIds(graph));
  const renamed = new Map<string, string>();
  for (const { id } of notes) {
    const free = freeNodeId(taken, NOTE_TYPE);
    taken.add(free);
    renamed.set(id, free);
  }
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
