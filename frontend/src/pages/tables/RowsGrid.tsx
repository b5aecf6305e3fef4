import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Column, Table, TableRow } from "@/api/tables";
import type { Json } from "@/api/types";

import { isNumeric, localMoment } from "./cells";
import classes from "./Tables.module.css";

interface Props {
  table: Table;
  rows: readonly TableRow[];
  /** A column's key, with `-` before it downwards. */
  sort: string;
  onSort: (sort: string) => void;
  onOpen: (row: TableRow) => void;
}

/** The rows of a table; each opens by its first cell, the whole line by the pointer. */
export function RowsGrid({ table, rows, sort, onSort, onOpen }: Props) {
  return (
    <div className={classes.frame} role="region" aria-label={table.name}>
      <table className={classes.grid}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <ColumnHead key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} onClick={() => onOpen(row)}>
              {table.columns.map((column, place) => (
                <td key={column.key} className={isNumeric(column) ? classes.number : undefined}>
                  {place === 0 ? (
                    <OpenCell column={column} row={row} onOpen={onOpen} />
                  ) : (
                    <CellWords column={column} value={row.cells[column.key]} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  column: Column;
  sort: string;
  onSort: (sort: string) => void;
}

function ColumnHead({ column, sort, onSort }: HeadProps) {
  const isUp = sort === column.key;
  const isDown = sort === `-${column.key}`;
  const next = isUp ? `-${column.key}` : isDown ? "" : column.key;
  return (
    <th
      scope="col"
      aria-sort={isUp ? "ascending" : isDown ? "descending" : "none"}
      className={isNumeric(column) ? classes.number : undefined}
    >
      <UnstyledButton className={classes.head} onClick={() => onSort(next)}>
        {column.name}
        {isUp && <IconArrowUp size={14} aria-hidden />}
        {isDown && <IconArrowDown size={14} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}

function OpenCell({
  column,
  row,
  onOpen,
}: { column: Column; row: TableRow } & Pick<Props, "onOpen">) {
  const { t } = useTranslation("tables");
  const value = row.cells[column.key];
  return (
    <UnstyledButton
      className={classes.open}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(row);
      }}
    >
      {value === null || value === undefined ? (
        t("row.unnamed")
      ) : (
        <CellWords column={column} value={value} />
      )}
    </UnstyledButton>
  );
}

/** A cell in words. */
function CellWords({ column, value }: { column: Column; value: Json | undefined }) {
  const { t, i18n } = useTranslation("tables");
  const zone = useSession().workspace.timezone;
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (column.type === "yes_no") return <>{value === true ? t("cell.yes") : t("cell.no")}</>;
  if (column.type === "date_time") return <>{localMoment(text, zone).replace("T", " ")}</>;
  if (isNumeric(column)) {
    const places = column.type === "money" ? 2 : 0;
    const format = new Intl.NumberFormat(i18n.resolvedLanguage, {
      minimumFractionDigits: places,
      maximumFractionDigits: 6,
    });
    return <>{format.format(Number(text))}</>;
  }
  return <>{text}</>;
}
