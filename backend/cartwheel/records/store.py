"""Reading and writing tables and counters. Times are milliseconds since the epoch.

Whoever changes a table's rows first changes the table's own row (`lock_table`): so rows, their
number and the columns agree, and nobody counts first and inserts later. Counters likewise.
"""

from collections.abc import Iterable, Sequence

import orjson

from cartwheel.clock import new_id
from cartwheel.database import Database, dump_json
from cartwheel.node_sdk import CountUp, DeleteRows, Json, RecordCommand, SaveRow
from cartwheel.records.acts import (
    Answer,
    Saved,
    counted_answer,
    deleted_answer,
    is_within,
    no_table,
    read_count,
    refuse_double,
    saved,
    saved_answer,
)
from cartwheel.records.tables import (
    StoredRow,
    Table,
    place_of,
    read_columns,
    searchable,
    write_columns,
)
from cartwheel.statements import Deletes, Row, Rows, Sql, Transaction

_TABLE = "id, name, columns, key_column, row_count"
_ROW = "id, cells"
LONGEST_ID = 40


def read_table(row: Row) -> Table:
    """A row of `_TABLE`."""
    return Table(row[0], row[1], read_columns(row[2]), row[3], row[4])


def read_row(row: Row) -> StoredRow:
    """A row of `_ROW`."""
    return StoredRow(row[0], orjson.loads(row[1]))


def is_id(text: str) -> bool:
    """Only what looks like an id goes into a query: PostgreSQL refuses some characters outright."""
    return text.isascii() and text.isalnum() and len(text) <= LONGEST_ID


# --- reading ---


async def tables_of(database: Database, workspace_id: int) -> tuple[Table, ...]:
    """Every table of a workspace, by name."""
    rows = await database.fetch(
        Sql(
            f"SELECT {_TABLE} FROM record_table WHERE workspace_id = $1 ORDER BY name_key",  # noqa: S608
            (workspace_id,),
        )
    )
    return tuple(read_table(row) for row in rows)


async def find_table(database: Database, workspace_id: int, table_id: str) -> Table | None:
    """A table, or None."""
    if not is_id(table_id):
        return None
    rows = await database.fetch(
        Sql(
            f"SELECT {_TABLE} FROM record_table WHERE workspace_id = $1 AND id = $2",  # noqa: S608
            (workspace_id, table_id),
        )
    )
    return read_table(rows[0]) if rows else None


def table_as_it_is(workspace_id: int, table_id: str) -> Sql:
    """A table's row for `read_table`, and behind it when it changed last, for `lock_as_read`."""
    return Sql(
        f"SELECT {_TABLE}, updated_at FROM record_table "  # noqa: S608
        "WHERE workspace_id = $1 AND id = $2",
        (workspace_id, table_id),
    )


def rows_where(
    workspace_id: int, table: Table, column: str | None, value: Json, limit: int
) -> Sql | None:
    """The oldest rows that hold `value` in `column`; None where no row can."""
    if column is None:
        return Sql(
            f"SELECT {_ROW} FROM record_row WHERE workspace_id = $1 AND table_id = $2 "  # noqa: S608
            "ORDER BY id LIMIT $3",
            (workspace_id, table.id, limit),
        )
    wanted = table.cells({column: value}).get(table.column(column).key)
    if wanted is None:
        return None
    if table.column(column).key == table.key_column:
        return Sql(
            f"SELECT {_ROW} FROM record_row "  # noqa: S608
            "WHERE workspace_id = $1 AND table_id = $2 AND key = $3",
            (workspace_id, table.id, table.key_of({table.key_column: wanted})),
        )
    return Sql(
        f"SELECT {_ROW} FROM record_row WHERE workspace_id = $1 AND table_id = $2 "  # noqa: S608
        "AND replace(searchable, $4, '') <> searchable ORDER BY id LIMIT $3",
        (workspace_id, table.id, limit, place_of(table.column(column), wanted)),
    )


def all_rows(workspace_id: int, table: Table) -> Sql:
    """Every row, the oldest first."""
    return Sql(
        f"SELECT {_ROW} FROM record_row WHERE workspace_id = $1 AND table_id = $2 ORDER BY id",  # noqa: S608
        (workspace_id, table.id),
    )


# --- changing rows ---


def lock_table(workspace_id: int, table_id: str, now: int) -> Transaction[Table | None]:
    """The table, which nobody else changes before this transaction ends."""
    if not is_id(table_id):
        return None
    rows = yield Sql(
        "UPDATE record_table SET updated_at = CASE WHEN updated_at < $3 THEN $3 "  # noqa: S608
        f"ELSE updated_at + 1 END WHERE workspace_id = $1 AND id = $2 RETURNING {_TABLE}",
        (workspace_id, table_id, now),
    )
    return read_table(rows[0]) if rows else None


def lock_as_read(
    workspace_id: int, table_id: str, changed_at: int, now: int
) -> Transaction[Table | None]:
    """The same for a table that is, with its rows, what it was when its `updated_at` was this:
    every change makes it larger. None for one that has changed since, or is gone."""
    rows = yield Sql(
        "UPDATE record_table SET updated_at = CASE WHEN updated_at < $3 THEN $3 "  # noqa: S608
        "ELSE updated_at + 1 END WHERE workspace_id = $1 AND id = $2 AND updated_at = $4 "
        f"RETURNING {_TABLE}",
        (workspace_id, table_id, now, changed_at),
    )
    return read_table(rows[0]) if rows else None


def row_values(workspace_id: int, table: Table, row: StoredRow, now: int) -> Row:
    """A row as `put_values` writes it."""
    return (
        workspace_id, table.id, row.id, table.key_of(row.cells), dump_json(row.cells),
        searchable(table, row.cells), now, now,
    )  # fmt: skip


def put_rows(
    workspace_id: int, table: Table, rows: Iterable[StoredRow], now: int
) -> Transaction[None]:
    """Insert rows, or change those that are there. The table is locked, and the caller counts."""
    yield put_values([row_values(workspace_id, table, row, now) for row in rows])


def put_values(values: Sequence[Row]) -> Rows:
    """The same for rows that were worked out before the table was locked."""
    return Rows(
        "record_row",
        ("workspace_id", "table_id", "id", "key", "cells", "searchable", "created_at",
         "updated_at"),
        ("int", "text", "text", "text", "text", "text", "bigint", "bigint"),
        values,
        "ON CONFLICT (workspace_id, table_id, id) DO UPDATE SET key = excluded.key, "
        "cells = excluded.cells, searchable = excluded.searchable, "
        "updated_at = excluded.updated_at",
    )  # fmt: skip


def drop_rows(workspace_id: int, table: Table, ids: Sequence[str]) -> Transaction[None]:
    """Delete rows of a locked table."""
    if ids:
        yield Deletes(
            "record_row",
            ("workspace_id", "table_id", "id"),
            ("int", "text", "text"),
            [(workspace_id, table.id, row_id) for row_id in ids],
        )
        yield from add_to_count(workspace_id, table, -len(ids))


def add_to_count(workspace_id: int, table: Table, number: int) -> Transaction[None]:
    """Say how many rows a locked table has more."""
    yield Sql(
        "UPDATE record_table SET row_count = row_count + $3 WHERE workspace_id = $1 AND id = $2",
        (workspace_id, table.id, number),
    )


def row_by_key(workspace_id: int, table: Table, key: str | None) -> Transaction[StoredRow | None]:
    """The row with a key, in a table that has one."""
    if key is None:
        return None
    rows = yield Sql(
        f"SELECT {_ROW} FROM record_row "  # noqa: S608
        "WHERE workspace_id = $1 AND table_id = $2 AND key = $3",
        (workspace_id, table.id, key),
    )
    return read_row(rows[0]) if rows else None


def row_by_id(workspace_id: int, table: Table, row_id: str) -> Transaction[StoredRow | None]:
    """A row by its id."""
    rows = yield Sql(
        f"SELECT {_ROW} FROM record_row "  # noqa: S608
        "WHERE workspace_id = $1 AND table_id = $2 AND id = $3",
        (workspace_id, table.id, row_id),
    )
    return read_row(rows[0]) if rows else None


# --- commands of steps ---


def perform(
    workspace_id: int, command: RecordCommand, act_id: str, now: int
) -> Transaction[Answer]:
    """Carry out a step's command within the caller's transaction. Raises `Refusal` before anything
    was written."""
    if isinstance(command, CountUp):
        return (yield from _count(workspace_id, command, act_id, now))
    table = yield from lock_table(workspace_id, command.table, now)
    if table is None:
        raise no_table()
    if isinstance(command, SaveRow):
        found = yield from save_row(workspace_id, table, command, now)
        return saved_answer(table, found)
    return (yield from _delete(workspace_id, table, command))


def save_row(workspace_id: int, table: Table, command: SaveRow, now: int) -> Transaction[Saved]:
    """Add or change a row of a locked table. Raises `Refusal`."""
    cells = table.cells(command.cells)
    before = yield from row_by_key(workspace_id, table, table.key_of(cells))
    refuse_double(table, command, before)
    found = saved(table, cells, before, new_id())
    yield from put_rows(workspace_id, table, [found.row], now)
    if found.is_new:
        yield from add_to_count(workspace_id, table, 1)
    return found


def _delete(workspace_id: int, table: Table, command: DeleteRows) -> Transaction[Answer]:
    wanted = rows_where(workspace_id, table, command.column, command.value, command.limit)
    rows = [read_row(row) for row in (yield wanted)] if wanted else []
    yield from drop_rows(workspace_id, table, [row.id for row in rows])
    return deleted_answer(table, rows)


def _count(workspace_id: int, command: CountUp, act_id: str, now: int) -> Transaction[Answer]:
    """The counter's own row is changed first: of two steps that want the last place, the second
    reads what the first one left."""
    count = read_count(command)
    place = (workspace_id, count.name, count.key)
    rows = yield Sql(
        "INSERT INTO counter (workspace_id, name, key, window_ms, touched_at) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, name, key) DO UPDATE SET "
        "touched_at = excluded.touched_at, window_ms = CASE WHEN excluded.window_ms > "
        "counter.window_ms THEN excluded.window_ms ELSE counter.window_ms END "
        "RETURNING window_ms",
        (*place, count.window_ms, now),
    )
    yield Sql(
        "DELETE FROM counter_entry WHERE workspace_id = $1 AND name = $2 AND key = $3 "
        "AND counted_at <= $4",
        (*place, now - rows[0][0]),
    )
    so_far = yield counted_since(workspace_id, count.name, count.key, now - count.window_ms)
    before = int(so_far[0][0])
    if is_within(count, before) and count.amount:
        yield Sql(
            "INSERT INTO counter_entry (workspace_id, name, key, id, amount, counted_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            (*place, act_id, count.amount, now),
        )
    return counted_answer(count, before)


def counted_since(workspace_id: int, name: str, key: str, since: int) -> Sql:
    """One row: what was counted after a time, in ten-thousandths."""
    return Sql(
        "SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM counter_entry "
        "WHERE workspace_id = $1 AND name = $2 AND key = $3 AND counted_at > $4",
        (workspace_id, name, key, since),
    )


# --- tables ---


def insert_table(workspace_id: int, table: Table, name_key: str, now: int) -> Sql:
    """Answers with the id, or with nothing where the name is taken."""
    numbers = [column.number for column in table.columns]
    return Sql(
        "INSERT INTO record_table (workspace_id, id, name, name_key, columns, key_column, "
        "row_count, next_number, created_at, updated_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING id",
        (workspace_id, table.id, table.name, name_key, write_columns(table.columns),
         table.key_column, max(numbers, default=0) + 1, now),
    )  # fmt: skip
