/** What the server says, in the shapes of its HTTP contract. Times are RFC 3339 with `Z`. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface Session {
  person: {
    id: string;
    /** Nothing until the owner gave one with the first password. */
    email: string | null;
    name: string;
    role: "owner" | "admin" | "editor" | "viewer";
  };
  workspace: Workspace;
  csrf: string;
  needs_password: boolean;
}

export interface Workspace {
  id: number;
  name: string;
  timezone: string;
  currency: string;
  locale: string;
}

export interface ApiToken {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export type NodeCategory = "trigger" | "condition" | "flow" | "data" | "action";

export interface Port {
  id: string;
  label: string;
}

export interface NodeSample {
  name: string;
  config: JsonObject;
  input: JsonObject;
  output: Json;
  port: string;
}

/** The words of a node type or an app in one language; every key may be missing. */
export interface Translation {
  label?: string;
  description?: string;
  ports?: Record<string, string>;
  fields?: Record<string, Record<string, string | undefined>>;
  [key: string]: unknown;
}

export interface NodeType {
  type: string;
  version: number;
  /** `type@version`, as a graph names it. */
  ref: string;
  category: NodeCategory;
  label: string;
  description: string;
  app: string | null;
  /** The text of an SVG, drawn in `currentColor`. */
  icon: string;
  ports: Port[];
  /** JSON pointer into the config to the list that names further ports. */
  dynamic_ports: string | null;
  effect: "none" | "write";
  delivery: "keyed" | "lookup" | "plain";
  message: { channel: string; category: string } | null;
  reversible: boolean;
  search: string[];
  event_type: string | null;
  config_schema: JsonObject;
  output_schema: JsonObject;
  samples: NodeSample[];
  translations: Record<string, Translation>;
}

export interface App {
  id: string;
  label: string;
  description: string;
  icon: string;
  /** JSON Schema of settings and secrets together; a secret says `x-secret`. */
  fields: JsonObject;
  channel: string | null;
  channels: string[];
  webhook: boolean;
  testable: boolean;
  translations: Record<string, Translation>;
}

export interface GraphNode {
  id: string;
  type: string;
  config: JsonObject;
  position: { x: number; y: number };
  label?: string;
  disabled?: boolean;
}

export interface GraphEdge {
  id: string;
  source: string;
  sourceHandle: string;
  target: string;
  targetHandle: string;
}

export interface Graph {
  schema: 1;
  nodes: GraphNode[];
  edges: GraphEdge[];
  settings: { channel?: string; [key: string]: Json | undefined };
}

export interface Problem {
  code: string;
  severity: "error" | "warning";
  node_id: string | null;
  /** JSON pointer into the node's config. */
  field: string | null;
  message: string;
  fix: string | null;
}

export interface WorkflowSummary {
  id: string;
  name: string;
  channel: string | null;
  state: "draft" | "active" | "paused";
  active_version: number | null;
  revision: number;
  has_changes: boolean;
  uses_sandbox: boolean;
  problems: { errors: number; warnings: number };
  trigger_type: string | null;
  created_at: string;
  updated_at: string;
}

export interface Workflow extends WorkflowSummary {
  graph: Graph;
  problem_list: Problem[];
}

export interface WorkflowVersion {
  number: number;
  created_at: string;
  created_by: string | null;
  live: boolean;
}

export type RunStatus =
  | "queued"
  | "running"
  | "waiting"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "quarantined";

export interface RunError {
  code: string;
  message: string;
  fix: string | null;
  node_id: string | null;
}

export interface RunSummary {
  id: string;
  workflow_id: string;
  workflow_name: string;
  version: number;
  status: RunStatus;
  label: string | null;
  contact: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  wake_at: string | null;
  error: RunError | null;
  stop_label: string | null;
  event_id: string | null;
}

export type StepStatus =
  "running" | "waiting" | "retrying" | "succeeded" | "failed" | "unknown" | "skipped";

export interface RunStep {
  node_id: string;
  iteration: string;
  status: StepStatus;
  port: string | null;
  input: Json;
  output: Json;
  words: string | null;
  error: RunError | null;
  attempts: number;
  started_at: string | null;
  finished_at: string | null;
  wake_at: string | null;
}

export interface Run extends RunSummary {
  graph: Graph;
  event: { id: string; type: string; data: JsonObject } | null;
  steps: RunStep[];
}

export interface EventSummary {
  id: string;
  type: string;
  source: string;
  received_at: string;
  label: string | null;
  contact: string | null;
  duplicate_of: string | null;
  routed_at: string | null;
  run_ids: string[];
}

export interface StoredEvent extends EventSummary {
  data: JsonObject;
  raw: Json;
}

export interface Connection {
  id: string;
  app: string;
  name: string;
  settings: JsonObject;
  /** Which secrets are set; their values never leave the server. */
  secrets: Record<string, boolean>;
  status: "ok" | "untested" | "broken";
  checked_at: string | null;
  error: string | null;
  is_sandbox: boolean;
  hook_url: string | null;
}

export interface OutboxMessage {
  id: string;
  channel: string;
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  created_at: string;
  run_id: string | null;
  node_id: string | null;
  workflow_id: string | null;
  workflow_name: string | null;
}

export interface SimulatedStep {
  node_id: string;
  iteration: string;
  at: string;
  port: string | null;
  status: StepStatus;
  input: Json;
  output: Json;
  words: string | null;
  error: RunError | null;
}

export interface Simulation {
  status: RunStatus;
  steps: SimulatedStep[];
  messages: {
    channel: string;
    to: string;
    subject: string | null;
    text: string;
    html?: string | null;
    at: string;
    node_id: string;
  }[];
  requests: {
    node_id: string;
    at: string;
    method: string;
    url: string;
    headers: Record<string, string>;
    body: Json;
  }[];
  path: { nodes: string[]; edges: string[] };
  ended_at: string;
}
