import { asObject } from "@/api/json";
import type { Json } from "@/api/types";

import { type FieldSchema, isMade } from "../schema";

/**
 * A new entry of a list with the names that nobody is asked for. A name is never used again while
 * its entry is there, and never changes: lines on the canvas hold on to it.
 */
export function withMadeIds(item: Json, schema: FieldSchema, others: readonly Json[]): Json {
  const made = Object.entries(schema.properties ?? {}).filter(([, field]) => isMade(field));
  if (made.length === 0) return item;
  const entry = { ...asObject(item) };
  for (const [name] of made) {
    const id = freeId(new Set(others.map((other) => asObject(other)[name])));
    entry[name] = id;
    // Something to read on the canvas until somebody finds a better word.
    if (schema.properties?.label && entry.label === undefined) entry.label = id.toUpperCase();
  }
  return entry;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz".split("");

function freeId(taken: ReadonlySet<Json | undefined>): string {
  const letter = LETTERS.find((each) => !taken.has(each));
  if (letter !== undefined) return letter;
  let number = LETTERS.length + 1;
  while (taken.has(`way_${String(number)}`)) number += 1;
  return `way_${String(number)}`;
}
