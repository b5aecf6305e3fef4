import { ActionIcon, Button, Select, TagsInput, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { COLUMN_TYPES, type DraftColumn, draftOf } from "./columns";
import classes from "./Tables.module.css";

interface Props {
  columns: readonly DraftColumn[];
  onChange: (columns: DraftColumn[]) => void;
}

/** The columns of a table: what each is called and what it holds. */
export function ColumnsEditor({ columns, onChange }: Props) {
  const { t } = useTranslation("tables");
  return (
    <div className={classes.columns} role="group" aria-label={t("columns.title")}>
      {columns.map((column, index) => (
        <ColumnLine
          key={column.id}
          column={column}
          number={index + 1}
          onChange={(next) => onChange(columns.with(index, next))}
          onRemove={columns.length > 1 ? () => onChange(columns.toSpliced(index, 1)) : undefined}
        />
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...columns, draftOf({})])}
        >
          {t("columns.add")}
        </Button>
      </div>
    </div>
  );
}

interface LineProps {
  column: DraftColumn;
  number: number;
  onChange: (column: DraftColumn) => void;
  onRemove: (() => void) | undefined;
}

function ColumnLine({ column, number, onChange, onRemove }: LineProps) {
  const { t } = useTranslation("tables");
  return (
    <div className={classes.column}>
      <TextInput
        aria-label={t("columns.name", { number })}
        placeholder={t("columns.namePlaceholder")}
        maxLength={100}
        value={column.name}
        onChange={(event) => onChange({ ...column, name: event.currentTarget.value })}
      />
      <Select
        className={classes.kind}
        aria-label={t("columns.kind", { number })}
        allowDeselect={false}
        data={COLUMN_TYPES.map((value) => ({ value, label: t(`type.${value}`) }))}
        value={column.type}
        onChange={(type) => type && onChange({ ...column, type })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        disabled={!onRemove}
        aria-label={t("columns.remove", { number })}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
      {column.type === "choice" && (
        <TagsInput
          className={classes.wide}
          aria-label={t("columns.choices")}
          placeholder={t("columns.choices")}
          value={column.choices}
          onChange={(choices) => onChange({ ...column, choices })}
        />
      )}
    </div>
  );
}

interface KeyProps {
  columns: readonly DraftColumn[];
  /** The name of the column that tells rows apart; empty for none. */
  value: string;
  onChange: (name: string) => void;
}

/** Which column tells the rows apart. */
export function KeyChoice({ columns, value, onChange }: KeyProps) {
  const { t } = useTranslation("tables");
  const names = [...new Set(columns.map(({ name }) => name.trim()).filter(Boolean))];
  return (
    <Select
      label={t("key.label")}
      description={t("key.help")}
      data={[
        { value: "", label: t("key.none") },
        ...names.map((name) => ({ value: name, label: name })),
      ]}
      allowDeselect={false}
      value={names.includes(value) ? value : ""}
      onChange={(name) => onChange(name ?? "")}
    />
  );
}
