import { Switch } from "@mantine/core";

import type { FieldProps } from "../form";

export function SwitchField(props: FieldProps) {
  const { id, label, description, disabled, error, value, schema, onChange, onBlur } = props;
  return (
    <Switch
      id={id}
      label={label}
      description={description}
      disabled={disabled}
      error={error}
      checked={value === undefined ? schema.default === true : value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
      onBlur={onBlur}
    />
  );
}
