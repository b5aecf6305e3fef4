import type { JsonObject } from "@/api/types";

import { faultOf } from "./fault";
import { type FieldSchema, visibleFields } from "./schema";

/** Whether any field shown now is missing or does not fit; saved secrets count as filled. */
export function hasFaults(
  schema: FieldSchema,
  value: JsonObject,
  secretsSet: Readonly<Record<string, boolean>> = {},
): boolean {
  return visibleFields(schema, value).some(({ name, schema: field, required }) => {
    const saved = field["x-secret"] === true && secretsSet[name] === true;
    return faultOf(field, value[name], required && !saved) !== null;
  });
}
