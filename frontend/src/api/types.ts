/**
 * What the server says, by the names that the screens use.
 *
 * The shapes come from the server's own description (`schema.ts`). Where that can only say "some
 * text" or "some JSON", the type here says more; a field that the server does not have is refused
 * by the compiler. Times are RFC 3339 with `Z`.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** `Base` with some of its fields told more exactly. */
type Refined<
  Base,
  Fields extends { [Name in keyof Fields]: Name extends keyof Base ? unknown : never },
> = Omit<Base, keyof Fields> & Fields;

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export type Workspace = Schemas["WorkspaceShape"];
export type Session = Refined<
  Schemas["SessionShape"],
  {
    person: Refined<Schemas["PersonShape"], { role: "owner" | "admin" | "editor" | "viewer" }>;
    csrf: string;
  }
>;
export type ApiToken = Schemas["TokenShape"];

export type NodeCategory = Schemas["NodeTypeShape"]["category"];
export type Port = Schemas["PortShape"];
export type NodeSample = Refined<
  Schemas["SampleShape"],
  { config: JsonObject; input: JsonObject; output: Json }
>;

/** The words of a node type or an app in one language; every key may be missing. */
export interface Translation {
  label?: string;
  description?: string;
  ports?: Record<string, string>;
  /** Of an app: its form's schema with nothing but words in it. */
  fields?: JsonObject;
  /** Of a template: its form's schema with nothing but words in it. */
  asks?: JsonObject;
  [key: string]: unknown;
}
type Translations = Record<string, Translation>;

/** `icon` is the text of an SVG drawn in `currentColor`; `ref` is `type@version`. */
export type NodeType = Refined<
  Schemas["NodeTypeShape"],
  {
    config_schema: JsonObject;
    output_schema: JsonObject;
    samples: NodeSample[];
    translations: Translations;
  }
>;

/** `fields` is a JSON Schema of settings and secrets together; a secret says `x-secret`. */
export type App = Refined<Schemas["AppShape"], { fields: JsonObject; translations: Translations }>;

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

/** `field` is a JSON pointer into the node's config. */
export type Problem = Schemas["ProblemShape"];

/** A workflow to begin with. `asks` is the JSON Schema of what it needs. */
export type Template = Refined<
  Schemas["TemplateShape"],
  { asks: JsonObject; translations: Translations }
>;
export type DemoShop = Schemas["DemoShopState"];
export type ChecklistState = Schemas["ChecklistState"];
export type FirstStep = Schemas["FirstStep"];

export type WorkflowFile = Refined<Schemas["WorkflowFile"], { graph: Graph }>;
export type RecentRuns = Schemas["RecentRuns"];
export type WorkflowSummary = Schemas["WorkflowSummary"];
export type Workflow = Refined<Schemas["WorkflowDetail"], { graph: Graph }>;
export type WorkflowVersion = Schemas["VersionSummary"];

export type RunStatus = Schemas["RunStatus"];
export interface RunError {
  code: string;
  message: string;
  fix: string | null;
  node_id?: string | null;
  run_id?: string | null;
}
export type RunSummary = Refined<
  Schemas["RunSummary"],
  { status: RunStatus; error: RunError | null }
>;

export type StepStatus =
  "running" | "waiting" | "retrying" | "succeeded" | "failed" | "unknown" | "skipped";
export type WaitsFor = Schemas["WaitingRun"]["waits_for"];
export type RunStep = Refined<
  Schemas["StepShape"],
  { status: StepStatus; input: Json; output: Json; error: RunError | null }
>;
export type Run = Refined<
  Schemas["RunDetail"],
  {
    status: RunStatus;
    error: RunError | null;
    graph: Graph;
    event: Refined<Schemas["RunEvent"], { data: JsonObject }>;
    steps: RunStep[];
  }
>;

export type Happening = Refined<
  Schemas["Happening"],
  { runs: Refined<Schemas["HappeningRun"], { status: RunStatus }>[] }
>;
export type RetriedAll = Schemas["RetriedAll"];

export type EventSummary = Schemas["EventSummary"];
/** `raw` is what the sender sent, as text. */
export type StoredEvent = Refined<Schemas["EventDetail"], { data: JsonObject }>;

/** `secrets` tells which are set; their values never leave the server. */
export type Connection = Refined<
  Schemas["ConnectionShape"],
  { settings: JsonObject; status: "ok" | "untested" | "broken" }
>;

export type OutboxMessage = Schemas["OutboxItem"];

export type ApprovalStatus = "open" | "approved" | "refused" | "done" | "timed_out" | "cancelled";
export type Decision = Schemas["Decide"]["decision"];
export type Approver = Schemas["ApproverShape"];
/** What a run asks of people: a decision, or a task with a checklist. */
export type Approval = Refined<
  Schemas["ApprovalShape"],
  { kind: "approval" | "task"; status: ApprovalStatus }
>;

export type SimulatedStep = Refined<
  Schemas["SimulatedStep"],
  { status: StepStatus; input: Json; output: Json }
>;
export type Simulation = Refined<
  Schemas["SimulationResult"],
  {
    status: RunStatus;
    steps: SimulatedStep[];
    requests: Refined<Schemas["SimulatedRequest"], { body: Json }>[];
  }
>;

export type OwnAddress = Schemas["OwnAddressShape"];
export type OwnAddresses = Schemas["OwnAddresses"];
/** A message that somebody had sent to themselves, as a step would write it. */
export type Proof = Schemas["ProofShape"];
/** Which message of a scenario is meant; `press` is new for each press of the button. */
export type ProofChoice = Pick<Schemas["NewProof"], "node_id" | "iteration" | "press">;
