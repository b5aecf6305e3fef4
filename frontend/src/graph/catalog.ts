/** The node types that the server offers, as far as the graph needs to know them. */
import { isObject, type Config, type Json } from "./values";

export type Category = "trigger" | "condition" | "flow" | "data" | "action";

export const CATEGORIES: readonly Category[] = ["trigger", "condition", "flow", "data", "action"];

export interface Port {
  readonly id: string;
  readonly label: string;
}

/** A JSON Schema; its hints are read where they are used. */
export type Schema = { readonly [key: string]: Json };

export interface Sample {
  readonly name: string;
  /** What the sample shows, in words. */
  readonly title?: string;
  readonly config?: Config;
  readonly input?: Json;
  readonly output?: Json;
  readonly port?: string | null;
}

export interface NodeType {
  /** Without the version: `action.send_email`. */
  readonly type: string;
  readonly version: number;
  /** With the version: `action.send_email@1`. */
  readonly ref: string;
  readonly category: Category;
  readonly label: string;
  readonly description: string;
  readonly app: string | null;
  /** The text of an svg drawing. */
  readonly icon: string;
  readonly ports: readonly Port[];
  /** JSON pointer into the config that lists further ports. */
  readonly dynamic_ports: string | null;
  readonly effect: "none" | "write";
  readonly message: { readonly channel: string; readonly category: string } | null;
  readonly search: readonly string[];
  readonly event_type: string | null;
  readonly config_schema: Schema;
  readonly output_schema: Schema;
  readonly samples: readonly Sample[];
}

export class Catalog {
  readonly types: readonly NodeType[];
  private readonly byRef: ReadonlyMap<string, NodeType>;

  constructor(types: readonly NodeType[]) {
    this.types = types;
    this.byRef = new Map(types.map((type) => [type.ref, type]));
  }

  /** `undefined` for a type that this server does not have: such steps are kept and shown as unknown. */
  get(ref: string): NodeType | undefined {
    return this.byRef.get(ref);
  }

  isTrigger(ref: string): boolean {
    return (this.get(ref)?.category ?? ref.split(".", 1)[0]) === "trigger";
  }

  /** The newest version of every type, for the palette. */
  latest(): readonly NodeType[] {
    const newest = new Map<string, NodeType>();
    for (const type of this.types) {
      const known = newest.get(type.type);
      if (known === undefined || known.version < type.version) newest.set(type.type, type);
    }
    return [...newest.values()];
  }
}

/** The config a new step starts with: the defaults that its schema names. */
export function defaultConfig(type: NodeType): Config {
  const properties = type.config_schema.properties;
  if (!isObject(properties)) return {};
  const defaults = Object.entries(properties).flatMap(([name, field]) =>
    isObject(field) && field.default !== undefined ? [[name, field.default] as const] : [],
  );
  return Object.fromEntries(defaults);
}
