import { ActionIcon, Button, Group, Input, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Json, JsonObject } from "@/api/types";

import { Field } from "../Field";
import type { FieldProps } from "../form";
import { type FieldSchema, pointerTo } from "../schema";
import { asObject } from "@/api/json";

interface Row {
  name: string;
  value: Json | undefined;
}

/** An object whose names are the merchant's: rows of a name and a value. */
export function KeyValuesField(props: FieldProps) {
  const { id, label, description, required, error, disabled, onBlur } = props;
  const { t } = useTranslation("form");
  const [rows, setRows] = useRows(props);
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      withAsterisk={required}
      labelElement="div"
      role="group"
      aria-label={label}
    >
      <Stack gap="xs" mt={6} onBlur={onBlur}>
        {rows.map((row, index) => (
          <KeyValueRow
            key={index}
            id={`${id}-${index}`}
            row={row}
            form={props}
            onChange={(next) => setRows(rows.with(index, next))}
            onRemove={() => setRows(rows.toSpliced(index, 1))}
          />
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={disabled}
            onClick={() => setRows([...rows, { name: "", value: undefined }])}
          >
            {t("keyValues.add")}
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}

/** Half-written rows live here: an object cannot hold a row without a name, or one name twice. */
function useRows({ value, onChange }: FieldProps): [Row[], (rows: Row[]) => void] {
  const current = asObject(value);
  const [rows, setRows] = useState(() => rowsOf(current));
  const changedOutside = JSON.stringify(objectOf(rows)) !== JSON.stringify(current);
  const shown = changedOutside ? rowsOf(current) : rows;
  return [
    shown,
    (next) => {
      setRows(next);
      const object = objectOf(next);
      onChange(Object.keys(object).length === 0 ? undefined : object);
    },
  ];
}

function rowsOf(value: JsonObject): Row[] {
  return Object.entries(value).map(([name, entry]) => ({ name, value: entry }));
}

function objectOf(rows: Row[]): JsonObject {
  const named = rows.filter((row) => row.name !== "");
  return Object.fromEntries(named.map((row) => [row.name, row.value ?? ""]));
}

interface RowProps {
  id: string;
  row: Row;
  form: FieldProps;
  onChange: (row: Row) => void;
  onRemove: () => void;
}

function KeyValueRow({ id, row, form, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("form");
  const { additionalProperties } = form.schema;
  const schema: FieldSchema =
    typeof additionalProperties === "object" ? additionalProperties : { type: "string" };
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <TextInput
        aria-label={t("keyValues.name")}
        placeholder={t("keyValues.name")}
        w="38%"
        disabled={form.disabled}
        value={row.name}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Field
          id={id}
          name={row.name}
          pointer={pointerTo(form.pointer, row.name)}
          schema={schema}
          required={false}
          bare
          label={t("keyValues.value")}
          value={row.value}
          onChange={(_name, value) => onChange({ ...row, value })}
        />
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        disabled={form.disabled}
        aria-label={t("keyValues.remove")}
        onClick={onRemove}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
