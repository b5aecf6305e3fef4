import { useCallback, useId, useMemo, useState } from "react";

import type { JsonObject } from "@/api/types";

import { Fields } from "./Fields";
import { FormContext, type FieldProblem, type Widgets } from "./form";
import type { FieldSchema } from "./schema";

export interface FormProps {
  /** JSON Schema 2020-12 of an object, with our `x-` hints. */
  schema: FieldSchema;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What the server found; shown beside the fields. */
  problems?: readonly FieldProblem[] | undefined;
  /** Further widgets by `x-widget`; keep the object's identity stable. */
  widgets?: Widgets | undefined;
  disabled?: boolean | undefined;
  /** Shows errors of fields that nobody touched yet, as after an attempt to save. */
  showAll?: boolean | undefined;
  secretsSet?: Readonly<Record<string, boolean>> | undefined;
}

const NO_PROBLEMS: readonly FieldProblem[] = [];
const NO_WIDGETS: Widgets = {};
const NO_SECRETS: Readonly<Record<string, boolean>> = {};

/** A form made from a schema. The value is the caller's; every change is a new value. */
export function Form({
  schema,
  value,
  onChange,
  problems = NO_PROBLEMS,
  widgets = NO_WIDGETS,
  disabled = false,
  showAll = false,
  secretsSet = NO_SECRETS,
}: FormProps) {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const touch = useCallback(
    (pointer: string) =>
      setTouched((known) => (known.has(pointer) ? known : new Set(known).add(pointer))),
    [],
  );
  const settings = useMemo(
    () => ({ widgets, problems, disabled, showAll, touched, touch, secretsSet, value }),
    [widgets, problems, disabled, showAll, touched, touch, secretsSet, value],
  );
  return (
    <FormContext value={settings}>
      <Fields schema={schema} value={value} onChange={onChange} id={useId()} pointer="" />
    </FormContext>
  );
}
