import { type OutputUnit, Validator } from "@cfworker/json-schema";

import type { Json, JsonObject } from "@/api/types";

import type { FieldSchema } from "./schema";

/** What is wrong with one field, as the key of a sentence and what goes into it. */
export interface Fault {
  key:
    | "needed"
    | "tooShort"
    | "tooLong"
    | "tooSmall"
    | "tooLarge"
    | "notWhole"
    | "notNumber"
    | "notEmail"
    | "notAddress"
    | "tooFew"
    | "tooMany"
    | "repeated"
    | "notOffered"
    | "notFitting";
  count?: number;
}

const validators = new WeakMap<FieldSchema, Validator>();

/** The first fault of a filled or empty field; texts with variables are judged when they are filled. */
export function faultOf(
  schema: FieldSchema,
  value: Json | undefined,
  required: boolean,
): Fault | null {
  if (isEmpty(value)) return required ? { key: "needed" } : null;
  if (holdsVariable(value)) return null;
  const { valid, errors } = validatorOf(schema).validate(value);
  return valid ? null : sentenceFor(errors, schema);
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

function holdsVariable(value: Json | undefined): boolean {
  if (typeof value === "string") return value.includes("{{") || value.includes("{%");
  return Array.isArray(value) && value.some(holdsVariable);
}

function validatorOf(schema: FieldSchema): Validator {
  const known = validators.get(schema);
  if (known) return known;
  const made = new Validator(schema as JsonObject, "2020-12", false);
  validators.set(schema, made);
  return made;
}

/** The deepest unit says what is wrong; those above it only repeat that something is. */
function sentenceFor(errors: OutputUnit[], schema: FieldSchema): Fault {
  const keyword = errors.at(-1)?.keyword ?? "";
  if (keyword === "format") return formatFault(schema.format ?? schema.items?.format ?? "");
  return SENTENCES[keyword]?.(schema) ?? { key: "notFitting" };
}

function formatFault(format: string): Fault {
  if (format.includes("email")) return { key: "notEmail" };
  return { key: format.startsWith("ur") || format.startsWith("ir") ? "notAddress" : "notFitting" };
}

const SENTENCES: Readonly<Record<string, (schema: FieldSchema) => Fault>> = {
  minLength: (schema) => ({ key: "tooShort", count: schema.minLength ?? 1 }),
  maxLength: (schema) => ({ key: "tooLong", count: schema.maxLength ?? 0 }),
  minimum: (schema) => ({ key: "tooSmall", count: schema.minimum ?? 0 }),
  maximum: (schema) => ({ key: "tooLarge", count: schema.maximum ?? 0 }),
  minItems: (schema) => ({ key: "tooFew", count: schema.minItems ?? 1 }),
  maxItems: (schema) => ({ key: "tooMany", count: schema.maxItems ?? 0 }),
  uniqueItems: () => ({ key: "repeated" }),
  enum: () => ({ key: "notOffered" }),
  const: () => ({ key: "notOffered" }),
  type: (schema) => typeFault([schema.type].flat()),
};

function typeFault(types: (string | undefined)[]): Fault {
  if (types.includes("integer")) return { key: "notWhole" };
  return { key: types.includes("number") ? "notNumber" : "notFitting" };
}
