import { Chip, Group, Input } from "@mantine/core";

import type { FieldProps } from "../form";
import { choiceKey, choicesOf } from "../schema";

/** Several of a few fixed values, all of them in sight. */
export function ChoicesField({ schema, value, onChange, ...field }: FieldProps) {
  const choices = choicesOf(schema.items ?? {}) ?? [];
  const chosen = new Set((Array.isArray(value) ? value : []).map(choiceKey));
  return (
    <Input.Wrapper
      label={field.label}
      labelElement="div"
      description={field.description}
      withAsterisk={field.required}
      error={field.error}
    >
      <Group gap={6} mt={6} role="group" aria-label={field.label} onBlur={field.onBlur}>
        {choices.map((choice) => (
          <Chip
            key={choiceKey(choice.value)}
            size="xs"
            disabled={field.disabled}
            checked={chosen.has(choiceKey(choice.value))}
            onChange={(on) =>
              onChange(
                choices
                  .filter((one) => (one === choice ? on : chosen.has(choiceKey(one.value))))
                  .map((one) => one.value),
              )
            }
          >
            {choice.label}
          </Chip>
        ))}
      </Group>
    </Input.Wrapper>
  );
}
