import { asText } from "@/ui/schema-form/widgets/TextField";
import type { FieldProps } from "@/ui/schema-form/form";
import { frameOf } from "@/ui/schema-form/widgets/frame";

import { VariableSelect } from "./VariableSelect";

/** A setting that is one value of an earlier step. */
export function VariableField(props: FieldProps) {
  return (
    <VariableSelect
      {...frameOf(props)}
      path={asText(props.value)}
      onChoose={props.onChange}
      onBlur={props.onBlur}
    />
  );
}
