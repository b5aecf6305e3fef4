/** The rule of entry in a workflow's settings: what happens when something of a kind comes again. */
import { isObject, without, type GraphSettings } from "./values";

export const ENTRY_MODES = ["every", "newest", "queued", "parallel"] as const;
export type EntryMode = (typeof ENTRY_MODES)[number];

/** What counts as the same without writing a text. */
export const NAMED_KEYS = ["customer", "order", "none"] as const;

export const MOST_BESIDE = 100;

export interface EntryRule {
  readonly mode: EntryMode;
  /** One of `NAMED_KEYS`, or a text with variables. */
  readonly key: string;
  readonly limit: number;
}

const EVERY: EntryRule = { mode: "every", key: "customer", limit: 2 };

export function entryOf(settings: GraphSettings): EntryRule {
  const said = settings.entry;
  if (!isObject(said)) return EVERY;
  return {
    mode: ENTRY_MODES.find((mode) => mode === said.mode) ?? "every",
    key: typeof said.key === "string" ? said.key : EVERY.key,
    limit: typeof said.limit === "number" ? said.limit : EVERY.limit,
  };
}

/** Where every event starts a run, nothing stands in the settings. */
export function withEntry(settings: GraphSettings, { mode, key, limit }: EntryRule): GraphSettings {
  if (mode === "every") return without(settings, "entry");
  return { ...settings, entry: { mode, key, ...(mode === "parallel" ? { limit } : {}) } };
}
