"""Tables and counters as the book holds them, for whoever only reads: the worker's look into a
table, and the simulator, which works on a copy."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from cartwheel.database import Database
from cartwheel.node_sdk import FindRows, Json
from cartwheel.records.acts import Answer, found_answer, no_table
from cartwheel.records.store import (
    counted_since,
    find_table,
    is_id,
    read_row,
    read_table,
    rows_where,
    table_as_it_is,
)
from cartwheel.records.tables import StoredRow, Table
from cartwheel.statements import Sql


@dataclass(frozen=True, slots=True)
class StoredRecords:
    """The book's."""

    database: Database
    workspace_id: int

    async def table(self, table_id: str) -> Table | None:
        return await find_table(self.database, self.workspace_id, table_id)

    async def rows(
        self, table: Table, column: str | None, value: Json, limit: int
    ) -> Sequence[StoredRow]:
        wanted = rows_where(self.workspace_id, table, column, value, limit)
        found = await self.database.fetch(wanted) if wanted else []
        return [read_row(row) for row in found]

    async def counted(self, name: str, key: str, since: int) -> int:
        rows = await self.database.fetch(counted_since(self.workspace_id, name, key, since))
        return int(rows[0][0])

    async def find(self, wanted: FindRows) -> Answer:
        """What a step finds. Raises `Refusal`."""
        table = await self.table(wanted.table)
        if table is None:
            raise no_table()
        return found_answer(
            table, await self.rows(table, wanted.column, wanted.value, wanted.limit)
        )


# --- whole tables ---

_PIECE = 5_000


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table with all its rows, as it was when its `updated_at` was `changed_at`."""

    table: Table
    rows: Sequence[StoredRow]
    changed_at: int


async def read_whole(database: Database, workspace_id: int, table_id: str) -> WholeTable | None:
    """A table and every row, in the order of their making; None where there is no such table.

    It may change meanwhile; `store.lock_as_read` tells.
    """
    if not is_id(table_id):
        return None
    found = await database.fetch(table_as_it_is(workspace_id, table_id))
    if not found:
        return None
    table = read_table(found[0])
    rows = [row async for row in every_row(database, workspace_id, table)]
    return WholeTable(table, rows, found[0][-1])


async def every_row(
    database: Database, workspace_id: int, table: Table
) -> AsyncIterator[StoredRow]:
    """All rows, some thousand at a time."""
    last = ""
    while True:
        found = await database.fetch(
            Sql(
                "SELECT id, cells FROM record_row WHERE workspace_id = $1 AND table_id = $2 "
                "AND id > $3 ORDER BY id LIMIT $4",
                (workspace_id, table.id, last, _PIECE),
            )
        )
        for row in found:
            yield read_row(row)
        if len(found) < _PIECE:
            return
        last = found[-1][0]
