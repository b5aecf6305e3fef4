import { Select } from "@mantine/core";

import type { FieldProps } from "../form";
import { choiceKey, choicesOf } from "../schema";
import { frameOf } from "./frame";
import { placeholderOf } from "./TextField";

const SEARCHABLE_FROM = 8;

export function ChoiceField(props: FieldProps) {
  const { schema, value, required, onChange, onBlur } = props;
  const choices = choicesOf(schema) ?? [];
  const shown = value ?? schema.default;
  return (
    <Select
      {...frameOf(props)}
      data={choices.map((choice) => ({
        value: choiceKey(choice.value),
        label: choice.label,
      }))}
      placeholder={placeholderOf(props)}
      searchable={choices.length >= SEARCHABLE_FROM}
      allowDeselect={!required}
      value={shown === undefined || shown === null ? null : choiceKey(shown)}
      onChange={(chosen) =>
        onChange(choices.find((choice) => choiceKey(choice.value) === chosen)?.value ?? undefined)
      }
      onBlur={onBlur}
    />
  );
}
