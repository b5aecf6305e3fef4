import { createElement, useCallback } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";

import { faultOf } from "./fault";
import { type FieldProblem, type FieldProps, useForm } from "./form";
import { widgetFor } from "./registry";
import { type FieldSchema, readable } from "./schema";

interface Props {
  id: string;
  name: string;
  pointer: string;
  schema: FieldSchema;
  required: boolean;
  value: Json | undefined;
  onChange: (name: string, value: Json | undefined) => void;
  bare?: boolean;
  /** The words of the field where the schema has none, as in a list of plain texts. */
  label?: string;
}

/** One field: chooses its widget, its words and its error. */
export function Field({
  id,
  name,
  pointer,
  schema,
  value,
  onChange,
  required: asked,
  bare = false,
  label,
}: Props) {
  const { widgets, disabled, touch, secretsSet } = useForm();
  // A secret that the server holds need not be written again.
  const required = asked && !(schema["x-secret"] && secretsSet[name]);
  const problems = useProblemsAt(pointer);
  const error = useError({ pointer, schema, value, required }, problems);
  const change = useCallback((next: Json | undefined) => onChange(name, next), [onChange, name]);
  const leave = useCallback(() => touch(pointer), [touch, pointer]);
  const props: FieldProps = {
    id,
    name,
    pointer,
    schema,
    value,
    required,
    bare,
    problems,
    error,
    disabled: disabled || schema.readOnly === true,
    label: label ?? schema.title ?? readable(name),
    description: schema.description,
    onChange: change,
    onBlur: leave,
  };
  return createElement(widgetFor(schema, widgets), props);
}

type ErrorPlace = Pick<Props, "pointer" | "schema" | "value" | "required">;

function useProblemsAt(pointer: string): readonly FieldProblem[] {
  return useForm().problems.filter(
    ({ field }) => field === pointer || field.startsWith(`${pointer}/`),
  );
}

function useError(
  { pointer, schema, value, required }: ErrorPlace,
  problems: readonly FieldProblem[],
): string | undefined {
  const { t } = useTranslation("form");
  const { touched, showAll } = useForm();
  if (!showAll && !touched.has(pointer)) return undefined;
  const fault = faultOf(schema, value, required);
  const own = schema["x-message"];
  if (fault && fault.key !== "needed" && own) return own;
  if (fault) return t(`fault.${fault.key}`, { count: fault.count ?? 0 });
  const found = problems.find(({ severity }) => severity !== "warning");
  return found && [found.message, found.fix].filter(Boolean).join(" ");
}
