import type { FieldProps } from "../form";

/** What Mantine's inputs need to draw a field's label, help and error around themselves. */
export function frameOf({ id, label, description, required, disabled, bare, error }: FieldProps) {
  return {
    id,
    disabled,
    error,
    "aria-required": required,
    ...(bare ? { "aria-label": label } : { label, description, withAsterisk: required }),
  };
}
