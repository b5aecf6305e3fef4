"""Tables and counters as the book holds them, for whoever only reads: the worker's look into a
table, and the simulator, which works on a copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartwheel.database import Database
from cartwheel.node_sdk import FindRows, Json
from cartwheel.records.acts import Answer, found_answer, no_table
from cartwheel.records.store import counted_since, find_table, read_row, rows_where
from cartwheel.records.tables import StoredRow, Table


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
