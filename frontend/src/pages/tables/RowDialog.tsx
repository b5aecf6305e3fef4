import { Button, Group, Stack } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { deleteRow, saveRow, type Table, type TableRow, useTableChange } from "@/api/tables";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useNotify } from "@/ui/notify";

import { CellField } from "./CellField";
import { fieldText } from "./cells";

interface Props {
  table: Table;
  /** Null for a new row. */
  row: TableRow | null;
  onClose: () => void;
}

/** One row, to be written, changed or deleted. */
export function RowDialog(props: Props) {
  const { t } = useTranslation("tables");
  return (
    <Dialog opened onClose={props.onClose} title={props.row ? t("row.change") : t("row.add")}>
      <RowForm {...props} />
    </Dialog>
  );
}

function RowForm({ table, row, onClose }: Props) {
  const { t } = useTranslation(["tables", "common"]);
  const zone = useSession().workspace.timezone;
  const before = Object.fromEntries(
    table.columns.map((column) => [column.key, fieldText(column, row?.cells[column.key], zone)]),
  );
  const [texts, setTexts] = useState(before);
  const save = useTableChange(saveRow);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const changed = Object.entries(texts).filter(([key, text]) => text !== before[key]);
    const cells = Object.fromEntries(changed.map(([key, text]) => [key, text || null]));
    save.mutate({ table: table.id, id: row?.id ?? null, cells }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.error && <ErrorNotice error={save.error} />}
        {table.columns.map((column) => (
          <CellField
            key={column.key}
            column={column}
            value={texts[column.key] ?? ""}
            required={column.key === table.key_column}
            onChange={(text) => setTexts((all) => ({ ...all, [column.key]: text }))}
          />
        ))}
        <Group justify="space-between">
          {row ? <DeleteRow table={table} row={row} onDeleted={onClose} /> : <span />}
          <Group>
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("row.save")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

interface DeleteProps {
  table: Table;
  row: TableRow;
  onDeleted: () => void;
}

function DeleteRow({ table, row, onDeleted }: DeleteProps) {
  const { t } = useTranslation("tables");
  const notify = useNotify();
  const remove = useTableChange(deleteRow);
  return (
    <ConfirmButton
      variant="subtle"
      color="red"
      question={t("row.question")}
      consequence={t("row.consequence")}
      confirm={t("row.delete")}
      onConfirm={() =>
        remove.mutate(
          { table: table.id, id: row.id },
          { onSuccess: onDeleted, onError: notify.failed },
        )
      }
    >
      {t("row.delete")}
    </ConfirmButton>
  );
}
