import type { Json } from "@/graph/values";

const LONGEST = 48;

/** A sample value as one short line; nothing where there is none. */
export function sampleWords(sample: Json | undefined): string {
  if (sample === undefined || sample === null || sample === "") return "";
  const text = Array.isArray(sample) ? listWords(sample as readonly Json[]) : plain(sample);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function listWords(items: readonly Json[]): string {
  const simple = items.filter((item) => typeof item !== "object");
  return simple.length === items.length ? simple.map(plain).join(", ") : `${items.length} ×`;
}

function plain(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
