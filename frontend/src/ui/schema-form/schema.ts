import { Validator } from "@cfworker/json-schema";

import type { Json, JsonObject } from "@/api/types";

/** The part of JSON Schema 2020-12, and of our hints in it, that a form is made from. */
export interface FieldSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  const?: Json;
  oneOf?: FieldSchema[];
  anyOf?: FieldSchema[];
  allOf?: { if?: JsonObject; then?: FieldSchema }[];
  format?: string;
  examples?: Json[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  additionalProperties?: boolean | FieldSchema;
  required?: string[];
  readOnly?: boolean;
  "x-widget"?: string;
  "x-template"?: boolean;
  "x-secret"?: boolean;
  "x-order"?: number | string[];
  "x-show-if"?: Record<string, Json>;
  "x-connection-app"?: string[];
  "x-labels"?: Record<string, string>;
  /** Values that saved steps may still hold, and that nobody is offered. */
  "x-former"?: Json[];
  "x-placeholder"?: string;
  /** The sentence for a value that does not fit, instead of a general one. */
  "x-message"?: string;
  "x-connection-optional"?: boolean;
  /** The name under which the step's app offers values for this field. */
  "x-choices"?: string;
}

export interface NamedField {
  name: string;
  schema: FieldSchema;
  required: boolean;
}

/** A schema as the server sends it, read as one that forms are made from. */
export function asFieldSchema(schema: JsonObject): FieldSchema {
  return schema;
}

/** The fields of an object to show now, in their order. */
export function visibleFields(schema: FieldSchema, value: JsonObject): NamedField[] {
  const required = requiredNames(schema, value);
  return inOrder(schema)
    .filter(([, field]) => !isMade(field) && isShown(field, value, schema))
    .map(([name, field]) => ({ name, schema: field, required: required.has(name) }));
}

function inOrder(schema: FieldSchema): [string, FieldSchema][] {
  const fields = Object.entries(schema.properties ?? {});
  const named = schema["x-order"];
  const place = ([name, field]: [string, FieldSchema], index: number): number => {
    if (Array.isArray(named))
      return named.includes(name) ? named.indexOf(name) : named.length + index;
    const own = field["x-order"];
    return typeof own === "number" ? own : 1_000 + index;
  };
  return fields
    .map((field, index) => ({ field, place: place(field, index) }))
    .sort((one, other) => one.place - other.place)
    .map(({ field }) => field);
}

/** A name that the form makes itself, as for the ways out of a step. */
export const isMade = (field: FieldSchema): boolean => field["x-widget"] === "made-id";

/** Whether the other fields have the values that this one waits for. */
function isShown(field: FieldSchema, value: JsonObject, whole: FieldSchema): boolean {
  return Object.entries(field["x-show-if"] ?? {}).every(([name, wanted]) => {
    const actual = value[name] ?? whole.properties?.[name]?.default ?? null;
    return Array.isArray(wanted) ? wanted.includes(actual) : actual === wanted;
  });
}

/** Names that must be filled, those asked for by `if`/`then` included. */
function requiredNames(schema: FieldSchema, value: JsonObject): Set<string> {
  const names = new Set(schema.required);
  for (const { if: when, then } of schema.allOf ?? []) {
    if (when && new Validator(when, "2020-12").validate(value).valid) {
      for (const name of then?.required ?? []) names.add(name);
    }
  }
  return names;
}

/** The value an empty form starts from: every default, and nothing else. */
export function defaultsOf(schema: FieldSchema): JsonObject {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  );
}

/** The one type of a field; a nullable field has the type beside `null`. */
export function typeOf(schema: FieldSchema): string {
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  if (types[0]) return types[0];
  if (schema.properties) return "object";
  return schema.items ? "array" : "string";
}

export interface Choice {
  value: Json;
  label: string;
}

/** The value as the text that stands for it in a list of choices. */
export function choiceKey(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The values to choose from, or nothing when the field is free. */
export function choicesOf(schema: FieldSchema): Choice[] | null {
  const labels = schema["x-labels"] ?? {};
  if (schema.enum) {
    return schema.enum
      .filter((value) => value !== null && !schema["x-former"]?.includes(value))
      .map((value) => ({ value, label: labels[choiceKey(value)] ?? readable(choiceKey(value)) }));
  }
  const options = schema.oneOf ?? schema.anyOf ?? [];
  if (options.length === 0 || !options.every((option) => option.const !== undefined)) return null;
  return options.map((option) => ({
    value: option.const ?? null,
    label: option.title ?? readable(choiceKey(option.const ?? null)),
  }));
}

/** `order_total` as a person would write it, for fields that come without a title. */
export function readable(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Appends a name to a JSON pointer. */
export function pointerTo(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
