import { Textarea } from "@mantine/core";

import type { FieldProps } from "../form";
import { frameOf } from "./frame";
import { asText, placeholderOf } from "./TextField";

export function LongTextField(props: FieldProps) {
  return (
    <Textarea
      {...frameOf(props)}
      autosize
      minRows={4}
      maxRows={14}
      placeholder={placeholderOf(props)}
      value={asText(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      onBlur={props.onBlur}
    />
  );
}
