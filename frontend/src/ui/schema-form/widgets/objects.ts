import type { Json, JsonObject } from "@/api/types";

/** The value as an object; anything else counts as an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The value as a list; anything else counts as an empty one. */
export function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
