import "@/i18n/later/tables";

import { Input, Select, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { asObject } from "@/api/json";
import { type Table, useTables } from "@/api/tables";
import type { JsonObject } from "@/api/types";
import { without } from "@/graph/values";
import { Field } from "@/ui/schema-form/Field";
import { type FieldProps, useForm } from "@/ui/schema-form/form";
import { type FieldSchema, pointerTo } from "@/ui/schema-form/schema";
import { frameOf } from "@/ui/schema-form/widgets/frame";
import { asText } from "@/ui/schema-form/widgets/TextField";

/** One of the shop's own tables. */
export function TableField(props: FieldProps) {
  const { t } = useTranslation("tables");
  const { data: tables } = useTables();
  const chosen = asText(props.value);
  return (
    <Stack gap={4}>
      <Select
        {...frameOf(props)}
        searchable
        placeholder={t("field.choose")}
        nothingFoundMessage={t("field.none")}
        data={(tables ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen === "" ? null : chosen}
        onChange={(id) => props.onChange(id ?? undefined)}
        onBlur={props.onBlur}
      />
      {tables?.length === 0 && (
        <Text size="sm">
          <Link to="/tables">{t("field.make")}</Link>
        </Text>
      )}
    </Stack>
  );
}

/** The table that the setting beside names. */
function useChosenTable(): Table | undefined {
  const { value } = useForm();
  const { data: tables } = useTables();
  return tables?.find(({ id }) => id === value.table);
}

/** A column of the chosen table. */
export function TableColumnField(props: FieldProps) {
  const { t } = useTranslation("tables");
  const table = useChosenTable();
  const chosen = asText(props.value);
  const columns = (table?.columns ?? []).map(({ key, name }) => ({ value: key, label: name }));
  const isKnown = columns.some(({ value }) => value === chosen);
  return (
    <Select
      {...frameOf(props)}
      disabled={props.disabled || !table}
      clearable={!props.required}
      placeholder={table ? t("field.column") : t("field.first")}
      data={isKnown || !chosen ? columns : [...columns, { value: chosen, label: chosen }]}
      value={chosen === "" ? null : chosen}
      onChange={(key) => props.onChange(key ?? undefined)}
      onBlur={props.onBlur}
    />
  );
}

/** A text with variables for each column of the chosen table; an empty one leaves it as it is. */
export function TableCellsField(props: FieldProps) {
  const { t } = useTranslation("tables");
  const table = useChosenTable();
  const cells = asObject(props.value);
  const { additionalProperties } = props.schema;
  const schema: FieldSchema =
    typeof additionalProperties === "object" ? additionalProperties : { type: "string" };
  const set = (key: string, text: JsonObject[string] | undefined) => {
    const next =
      text === undefined || text === "" ? without(cells, key) : { ...cells, [key]: text };
    props.onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  const known = (table?.columns ?? []).map(({ key, name }) => ({ key, name }));
  const lost = Object.keys(cells).filter((key) => !known.some((column) => column.key === key));
  const fields = [...known, ...lost.map((key) => ({ key, name: key }))];
  return (
    <Input.Wrapper
      label={props.label}
      description={props.description}
      error={props.error}
      withAsterisk={props.required}
      labelElement="div"
      role="group"
      aria-label={props.label}
    >
      <Stack gap="sm" mt={8}>
        {!table && <Text size="sm">{t("field.first")}</Text>}
        {fields.map(({ key, name }) => (
          <Field
            key={key}
            id={`${props.id}-${key}`}
            name={key}
            pointer={pointerTo(props.pointer, key)}
            schema={{ ...schema, title: name, description: "" }}
            required={key === table?.key_column}
            value={cells[key]}
            onChange={(_name, value) => set(key, value)}
          />
        ))}
      </Stack>
    </Input.Wrapper>
  );
}
