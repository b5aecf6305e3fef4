import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { FieldProps } from "../form";
import { asObject } from "@/api/json";

const UNITS = ["seconds", "minutes", "hours", "days", "weeks"] as const;
type Unit = (typeof UNITS)[number];

/** A length of time as `{"amount": 3, "unit": "days"}`. */
export function DurationField(props: FieldProps) {
  const { id, label, description, required, disabled, error, schema, onChange, onBlur } = props;
  const { t } = useTranslation("form");
  const value = asObject(props.value);
  const units = UNITS.filter((unit) => schema.properties?.unit?.enum?.includes(unit) ?? true);
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      error={error}
      withAsterisk={required}
    >
      <Group gap="xs" mt={4} wrap="nowrap">
        <NumberInput
          id={id}
          min={1}
          allowDecimal={false}
          disabled={disabled}
          w={110}
          value={typeof value.amount === "number" ? value.amount : ""}
          onChange={(amount) =>
            onChange({ unit: "days", ...value, amount: amount === "" ? null : amount })
          }
          onBlur={onBlur}
        />
        <Select
          aria-label={t("duration.unit")}
          disabled={disabled}
          allowDeselect={false}
          flex={1}
          data={units.map((unit) => ({ value: unit, label: t(`duration.${unit}`) }))}
          value={typeof value.unit === "string" ? value.unit : "days"}
          onChange={(unit) => onChange({ amount: 1, ...value, unit: unit as Unit })}
          onBlur={onBlur}
        />
      </Group>
    </Input.Wrapper>
  );
}
