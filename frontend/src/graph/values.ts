/**
 * The graph of a workflow, in the form that the server stores and React Flow draws.
 * All values are frozen by type: a change makes a new value, so identity tells what changed.
 */
import type { GraphNote } from "./notes";

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Config = { readonly [key: string]: Json };

/** Pixels on the canvas, from the top left corner. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface GraphNode {
  readonly id: string;
  /** A node type with its version: `action.send_email@1`. */
  readonly type: string;
  readonly config: Config;
  readonly position: Position;
  readonly label?: string;
  /** What the merchant wrote about the step, for those who come after. */
  readonly description?: string;
  readonly disabled?: boolean;
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
  readonly targetHandle: string;
}

export type GraphSettings = { readonly [key: string]: Json | undefined };

export interface Graph {
  readonly schema: 1;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly settings: GraphSettings;
  /** Left out where there are none. */
  readonly notes?: readonly GraphNote[];
}

/** Where an edge would run, before it has an id. */
export type Connection = Omit<GraphEdge, "id">;

export const INPUT_PORT = "in";
export const MAIN_PORT = "done";
export const ERROR_PORT = "error";
export const BODY_PORT = "body";

/** The most steps a workflow may hold; the server refuses more. */
export const MAXIMUM_NODES = 1000;

export const EMPTY_GRAPH: Graph = { schema: 1, nodes: [], edges: [], settings: {} };

export function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function sameConnection(edge: Connection, other: Connection): boolean {
  return (
    edge.source === other.source &&
    edge.sourceHandle === other.sourceHandle &&
    edge.target === other.target &&
    edge.targetHandle === other.targetHandle
  );
}

/** The object without some of its keys; they are gone, not set to nothing. */
export function without<Value extends object, Key extends keyof Value>(
  value: Value,
  ...keys: readonly Key[]
): Omit<Value, Key> {
  const rest = Object.entries(value).filter(([name]) => !keys.includes(name as Key));
  return Object.fromEntries(rest) as Omit<Value, Key>;
}
