import { Fieldset, Text } from "@mantine/core";

import type { JsonObject } from "@/api/types";

import { Fields } from "../Fields";
import type { FieldProps } from "../form";
import { asObject } from "@/api/json";

/** An object within the form: its fields in a frame of their own. */
export function GroupField({
  id,
  pointer,
  schema,
  value,
  label,
  description,
  onChange,
}: FieldProps) {
  const change = (next: JsonObject) => onChange(next);
  return (
    <Fieldset legend={label}>
      {description && (
        <Text size="sm" c="dimmed" mb="sm">
          {description}
        </Text>
      )}
      <Fields schema={schema} value={asObject(value)} onChange={change} id={id} pointer={pointer} />
    </Fieldset>
  );
}
