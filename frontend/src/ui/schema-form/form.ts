import { type ComponentType, createContext, useContext } from "react";

import type { Json, JsonObject } from "@/api/types";

import type { FieldSchema } from "./schema";

/** Something the server found wrong, pinned to a place in the form's value. */
export interface FieldProblem {
  /** JSON pointer into the value. */
  field: string;
  message: string;
  fix?: string | null;
  severity?: "error" | "warning";
}

/** What every widget gets: one field, ready to be shown. */
export interface FieldProps {
  id: string;
  name: string;
  /** The place in the value. */
  pointer: string;
  schema: FieldSchema;
  label: string;
  description: string | undefined;
  required: boolean;
  disabled: boolean;
  /** Stands in a row or a table that names it already: the label is for screen readers only. */
  bare: boolean;
  value: Json | undefined;
  /** `undefined` takes the field out of the value. */
  onChange: (value: Json | undefined) => void;
  onBlur: () => void;
  /** The sentence to show; only once the field was left, or when everything shall be shown. */
  error: string | undefined;
  /** The server's problems at this field and below it. */
  problems: readonly FieldProblem[];
}

export type Widget = ComponentType<FieldProps>;

/** Widgets by the schema's `x-widget`; they go before the built-in ones. */
export type Widgets = Readonly<Record<string, Widget>>;

export interface FormSettings {
  widgets: Widgets;
  problems: readonly FieldProblem[];
  disabled: boolean;
  showAll: boolean;
  touched: ReadonlySet<string>;
  touch: (pointer: string) => void;
  /** Which secrets the server holds already, by field name. */
  secretsSet: Readonly<Record<string, boolean>>;
  /** The whole value, for widgets that depend on their neighbours. */
  value: JsonObject;
}

export const FormContext = createContext<FormSettings | null>(null);

/** The settings of the form a widget stands in. */
export function useForm(): FormSettings {
  const settings = useContext(FormContext);
  if (!settings) throw new Error("A schema form's widget stands outside a SchemaForm.");
  return settings;
}
