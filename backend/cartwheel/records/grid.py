"""A table's rows page by page: filtered by a text, in the order of a column."""

import base64
import re
from dataclasses import dataclass

import orjson

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.records.cells import ColumnType
from cartwheel.records.store import is_id, read_row
from cartwheel.records.tables import Column, StoredRow, Table, part_of
from cartwheel.statements import Sql

_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,2})?")
_NUMERIC = {ColumnType.NUMBER, ColumnType.MONEY}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. `sort` is a column's key, with `-` before it downwards; without one the oldest
    come first, with a bare `-` the newest."""

    search: str = ""
    sort: str = ""
    cursor: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursor of those after them."""

    rows: list[StoredRow]
    next: str | None


async def page_of(database: Database, workspace_id: int, table: Table, wanted: Wanted) -> Page:
    """A page of a table. Raises `Invalid` for a cursor that is not ours and `Refusal` for a column
    that does not exist."""
    key = wanted.sort.removeprefix("-")
    order = _Order(
        table.column(key) if key else None, wanted.sort.startswith("-"), database.is_sqlite
    )
    after = _read_cursor(wanted.cursor, order.column) if wanted.cursor else None
    rows = await database.fetch(_page(workspace_id, table, wanted, order, after))
    found = [read_row(row) for row in rows]
    if len(found) <= wanted.limit:
        return Page(found, None)
    last = found[wanted.limit - 1]
    value = last.cells.get(order.column.key) if order.column else None
    return Page(found[: wanted.limit], _cursor(value, last.id))


@dataclass(frozen=True, slots=True)
class _Order:
    """An order of rows in SQL; `column` None: as they were added."""

    column: Column | None
    downwards: bool
    is_sqlite: bool

    def sql(self) -> str:
        way = " DESC" if self.downwards else ""
        return f"{self._cell()}{way}, id{way}" if self.column else f"id{way}"

    def after(self, value: str, row_id: str) -> str:
        """The condition of what comes behind a row; both are placeholders."""
        sign = "<" if self.downwards else ">"
        if self.column is None:
            return f"id {sign} {row_id}"
        cell, given = self._cell(), self._typed(f"CAST({value} AS text)")
        return f"({cell} {sign} {given} OR ({cell} = {given} AND id {sign} {row_id}))"

    def _cell(self) -> str:
        assert self.column is not None
        key = self.column.key  # Letters, digits and underscores only.
        if self.is_sqlite and self.column.type is ColumnType.YES_NO:
            # There yes and no come out of JSON as numbers, on PostgreSQL as words.
            return f"CASE json_extract(cells, '$.\"{key}\"') WHEN 1 THEN 'true' " + (
                "WHEN 0 THEN 'false' ELSE '' END"
            )
        if self.is_sqlite:
            return self._typed(f"CAST(json_extract(cells, '$.\"{key}\"') AS text)")
        return self._typed(f"(CAST(cells AS json) ->> '{key}')")

    def _typed(self, text: str) -> str:
        assert self.column is not None
        if self.column.type in _NUMERIC:
            return f"coalesce(CAST({text} AS numeric), -1e30)"
        return f"lower(coalesce({text}, ''))"


def _page(
    workspace_id: int,
    table: Table,
    wanted: Wanted,
    order: _Order,
    after: tuple[str | None, str] | None,
) -> Sql:
    conditions = ["workspace_id = $1", "table_id = $2"]
    args: list[object] = [workspace_id, table.id, wanted.limit + 1]
    if text := part_of(wanted.search):
        args.append(text)
        conditions.append(f"replace(searchable, ${len(args)}, '') <> searchable")
    if after is not None:
        if order.column is not None:
            args.append(after[0])
        args.append(after[1])
        conditions.append(order.after(f"${len(args) - 1}", f"${len(args)}"))
    return Sql(
        f"SELECT id, cells FROM record_row WHERE {' AND '.join(conditions)} "  # noqa: S608
        f"ORDER BY {order.sql()} LIMIT $3",
        tuple(args),
    )


def _cursor(value: object, row_id: str) -> str:
    # As the database reads a cell out of its JSON: yes and no are words there.
    text = None if value is None else value if isinstance(value, str) else orjson.dumps(value)
    kept = text.decode() if isinstance(text, bytes) else text
    return base64.urlsafe_b64encode(orjson.dumps([kept, row_id])).decode()


def _read_cursor(cursor: str, column: Column | None) -> tuple[str | None, str]:
    try:
        value, row_id = orjson.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError):
        value, row_id = None, None
    is_ours = isinstance(row_id, str) and is_id(row_id) and isinstance(value, str | None)
    if not is_ours or "\0" in (value or "") or not (value is None or _fits(column, value)):
        raise Invalid("This cursor is not one of ours; begin without one.")
    return value, row_id


def _fits(column: Column | None, value: str) -> bool:
    """Whether the database can compare the column's cells with it."""
    return column is None or column.type not in _NUMERIC or bool(_NUMBER.fullmatch(value))
