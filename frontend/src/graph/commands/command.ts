/**
 * Everything that can be done to a graph, as data. A command names what is wanted; `planCommand`
 * turns it into exact changes for the graph at hand.
 */
import { type GraphNote } from "../notes";
import { type Pin } from "../pins";
import {
  type Config,
  type Connection,
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphSettings,
  type Position,
} from "../values";

/** An output that a new step is to hang on. */
export interface OutputPlace {
  readonly source: string;
  readonly sourceHandle: string;
}

export type Command =
  | { readonly kind: "addNode"; readonly node: GraphNode }
  | {
      readonly kind: "addAfter";
      readonly node: GraphNode;
      readonly after: OutputPlace;
      readonly place?: Position;
    }
  | {
      readonly kind: "insertOnEdge";
      readonly node: GraphNode;
      readonly edgeId: string;
      readonly place?: Position;
    }
  | {
      readonly kind: "spliceNode";
      readonly nodeId: string;
      readonly edgeId: string;
      readonly place: Position;
    }
  | { readonly kind: "connect"; readonly connections: readonly Connection[] }
  | { readonly kind: "reconnect"; readonly edgeId: string; readonly connection: Connection }
  | { readonly kind: "disconnect"; readonly edgeIds: readonly string[] }
  | { readonly kind: "addNote"; readonly note: GraphNote }
  | {
      readonly kind: "changeNote";
      readonly noteId: string;
      readonly change: Partial<Omit<GraphNote, "id">>;
    }
  | {
      readonly kind: "delete";
      /** Steps, and notes as well. */
      readonly nodeIds: readonly string[];
      readonly edgeIds: readonly string[];
    }
  /** Steps, and notes as well. */
  | { readonly kind: "moveNodes"; readonly places: ReadonlyMap<string, Position> }
  | { readonly kind: "setConfig"; readonly nodeId: string; readonly config: Config }
  | { readonly kind: "rename"; readonly nodeId: string; readonly label: string }
  | { readonly kind: "describe"; readonly nodeId: string; readonly description: string }
  | { readonly kind: "setPin"; readonly nodeId: string; readonly pin: Pin | null }
  | { readonly kind: "toggleDisabled"; readonly nodeIds: readonly string[] }
  | {
      readonly kind: "paste";
      readonly nodes: readonly GraphNode[];
      readonly edges: readonly GraphEdge[];
      readonly notes: readonly GraphNote[];
    }
  | {
      readonly kind: "replaceType";
      readonly nodeId: string;
      readonly type: string;
      readonly config: Config;
    }
  | { readonly kind: "setSettings"; readonly settings: GraphSettings }
  /** Another state of the whole workflow in the place of this one. */
  | { readonly kind: "restore"; readonly graph: Graph }
  | { readonly kind: "tidy" };

export type CommandOf<Kind extends Command["kind"]> = Extract<Command, { readonly kind: Kind }>;
