import { TextInput } from "@mantine/core";

import type { FieldProps } from "../form";
import { frameOf } from "./frame";

const INPUT_TYPES: Readonly<Record<string, string>> = {
  email: "email",
  uri: "url",
  date: "date",
  "time-of-day": "time",
};

export function TextField(props: FieldProps) {
  const { schema, value, onChange, onBlur } = props;
  return (
    <TextInput
      {...frameOf(props)}
      type={schema["x-template"] ? "text" : (INPUT_TYPES[schema.format ?? ""] ?? "text")}
      placeholder={placeholderOf(props)}
      value={asText(value)}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      onBlur={onBlur}
    />
  );
}

/** The schema's own placeholder, or its first example. */
export function placeholderOf({ schema }: FieldProps): string | undefined {
  const example = schema.examples?.[0];
  return schema["x-placeholder"] ?? (typeof example === "string" ? example : undefined);
}

/** What a text box shows for a value; what is no text is shown as JSON rather than lost. */
export function asText(value: FieldProps["value"]): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
