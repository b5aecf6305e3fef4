import { asObject, isList } from "@/api/json";
import { ApiProblem } from "@/api/problem";
import type { Json, JsonObject } from "@/api/types";
import type { FieldProblem } from "@/ui/schema-form/form";
import { choiceKey, type FieldSchema, pointerTo } from "@/ui/schema-form/schema";

/** Without the blanks around what was pasted: nobody sees them, and no address or key has any. */
export function withoutEdges(value: JsonObject): JsonObject {
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, entry]) => [name, typeof entry === "string" ? entry.trim() : entry]),
  );
}

/** The form's one value as the server wants it: what may be read, and what may not. */
export function splitSecrets(
  value: JsonObject,
  schema: FieldSchema,
): { settings: JsonObject; secrets: Record<string, string> } {
  const isSecret = (name: string) => schema.properties?.[name]?.["x-secret"] === true;
  const entries = Object.entries(value);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secrets: Object.fromEntries(
      entries.filter(([name]) => isSecret(name)).map(([name, entry]) => [name, choiceKey(entry)]),
    ),
  };
}

/** The server's faults of single fields, by the pointer that the form knows. */
export function problemsOf(error: Error | null, schema: FieldSchema): FieldProblem[] {
  if (!(error instanceof ApiProblem) || !isList(error.extra.problems)) return [];
  return error.extra.problems.flatMap((problem) => {
    const name = fieldNamed(problem);
    return name && schema.properties?.[name]
      ? [{ field: pointerTo("", name), message: messageOf(problem) }]
      : [];
  });
}

/** Settings and secrets are told apart on the wire; in the form each name stands once. */
function fieldNamed(problem: Json): string | undefined {
  const { pointer, field } = asObject(problem);
  const place = typeof pointer === "string" ? pointer : field;
  return typeof place === "string" ? place.split("/").at(-1) : undefined;
}

function messageOf(problem: Json): string {
  const { message } = asObject(problem);
  return typeof message === "string" ? message : "";
}
