import { ActionIcon, Button, Select, TagsInput, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { COLUMN_TYPES, type DraftColumn, draftOf, type Shape } from "./columns";
import classes from "./Tables.module.css";

interface ShapeProps {
  shape: Shape;
  onChange: (shape: Shape) => void;
}

/** The columns of a table, and which of them tells its rows apart. */
export function ShapeFields({ shape, onChange }: ShapeProps) {
  return (
    <>
      <ColumnsEditor
        columns={shape.columns}
        onChange={(columns) => onChange({ ...shape, columns })}
      />
      <KeyChoice shape={shape} onChange={onChange} />
    </>
  );
}

interface Props {
  columns: readonly DraftColumn[];
  onChange: (columns: DraftColumn[]) => void;
}

/** The columns of a table: what each is called and what it holds. */
function ColumnsEditor({ columns, onChange }: Props) {
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

function KeyChoice({ shape, onChange }: ShapeProps) {
  const { t } = useTranslation("tables");
  const named = shape.columns.filter(({ name }) => name.trim() !== "");
  return (
    <Select
      label={t("key.label")}
      description={t("key.help")}
      data={[
        { value: "", label: t("key.none") },
        ...named.map(({ id, name }) => ({ value: String(id), label: name.trim() })),
      ]}
      allowDeselect={false}
      value={named.some(({ id }) => id === shape.key) ? String(shape.key) : ""}
      onChange={(id) => onChange({ ...shape, key: id ? Number(id) : null })}
    />
  );
}
