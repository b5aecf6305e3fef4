import { Select } from "@mantine/core";

import type { FieldProps } from "../form";
import { frameOf } from "./frame";
import { placeholderOf } from "./TextField";

export function TimezoneField(props: FieldProps) {
  const { value, onChange, onBlur } = props;
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return (
    <Select
      {...frameOf(props)}
      data={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
      placeholder={placeholderOf(props)}
      searchable
      clearable={!props.required}
      value={typeof value === "string" ? value : null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      onBlur={onBlur}
    />
  );
}
