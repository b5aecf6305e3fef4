import { Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Column } from "@/api/tables";

interface Props {
  column: Column;
  value: string;
  onChange: (value: string) => void;
  required: boolean;
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  date: "date",
  date_time: "datetime-local",
};

/** One cell of a row in the form. */
export function CellField({ column, value, onChange, required }: Props) {
  const { t } = useTranslation("tables");
  const frame = { label: column.name, required };
  if (column.type === "choice" || column.type === "yes_no") {
    const words = { yes: t("cell.yes"), no: t("cell.no") };
    const data =
      column.type === "choice"
        ? column.choices
        : Object.entries(words).map(([answer, label]) => ({ value: answer, label }));
    return (
      <Select
        {...frame}
        clearable
        data={data}
        value={value === "" ? null : value}
        onChange={(next) => onChange(next ?? "")}
      />
    );
  }
  if (column.type === "text") {
    return (
      <Textarea
        {...frame}
        autosize
        maxRows={8}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...frame}
      type={INPUT_TYPES[column.type] ?? "text"}
      inputMode={INPUT_TYPES[column.type] ? undefined : "decimal"}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
