import { NumberInput } from "@mantine/core";

import { typeOf } from "../schema";
import type { FieldProps } from "../form";
import { frameOf } from "./frame";

export function NumberField(props: FieldProps) {
  const { schema, value, onChange, onBlur } = props;
  return (
    <NumberInput
      {...frameOf(props)}
      allowDecimal={typeOf(schema) === "number"}
      allowNegative={(schema.minimum ?? -1) < 0}
      value={typeof value === "number" || typeof value === "string" ? value : ""}
      onChange={(next) => onChange(next === "" ? undefined : next)}
      onBlur={onBlur}
    />
  );
}
