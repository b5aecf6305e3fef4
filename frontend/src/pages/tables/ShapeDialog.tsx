import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { changeTable, type Table, useTableChange } from "@/api/tables";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { areComplete, draftsOf, givenOf, keyNameOf, type Shape } from "./columns";
import { ShapeFields } from "./ColumnsEditor";

interface Props {
  table: Table;
  onClose: () => void;
}

/** A table's name, columns and key. */
export function ShapeDialog({ table, onClose }: Props) {
  const { t } = useTranslation("tables");
  return (
    <Dialog opened onClose={onClose} title={t("shape.title")} size="lg">
      <ShapeForm table={table} onClose={onClose} />
    </Dialog>
  );
}

function shapeOf(table: Table): Shape {
  const columns = draftsOf(table.columns);
  return { columns, key: columns.find(({ key }) => key === table.key_column)?.id ?? null };
}

function ShapeForm({ table, onClose }: Props) {
  const { t } = useTranslation(["tables", "common"]);
  const [name, setName] = useState(table.name);
  const [shape, setShape] = useState(() => shapeOf(table));
  const change = useTableChange(changeTable);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wanted = { name: name.trim(), columns: givenOf(shape.columns), key: keyNameOf(shape) };
    change.mutate({ id: table.id, ...wanted }, { onSuccess: onClose });
  };
  const removed = table.columns.length - shape.columns.filter((column) => column.key).length;
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {change.error && <ErrorNotice error={change.error} />}
        <TextInput
          label={t("name")}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ShapeFields shape={shape} onChange={setShape} />
        {removed > 0 && <Text c="red">{t("shape.removed", { count: removed })}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            disabled={name.trim() === "" || !areComplete(shape.columns)}
          >
            {t("shape.action")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
