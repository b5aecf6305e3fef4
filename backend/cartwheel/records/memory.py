"""Tables and counters as they would become: what a simulation changes stays in its memory."""

from collections import defaultdict
from dataclasses import replace

from cartwheel.node_sdk import CountUp, DeleteRows, FindRows, Json, RecordCommand, SaveRow
from cartwheel.records.acts import (
    Answer,
    counted_answer,
    deleted_answer,
    found_answer,
    is_within,
    no_table,
    read_count,
    refuse_double,
    saved,
    saved_answer,
)
from cartwheel.records.lookups import Records
from cartwheel.records.tables import StoredRow, Table, place_of, searchable

_ALL = 1_000_000_000


class MemoryRecords:
    """Reads through to the book, and lays its own changes over what it reads."""

    def __init__(self, book: Records) -> None:
        self._book = book
        self._rows: dict[str, dict[str, StoredRow | None]] = defaultdict(dict)
        self._counted: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self._added: dict[str, int] = defaultdict(int)

    async def find(self, wanted: FindRows) -> Answer:
        """What a step would find. Raises `Refusal`."""
        table = await self._table(wanted.table)
        rows = await self._where(table, wanted.column, wanted.value, wanted.limit)
        return found_answer(table, rows)

    async def keep(self, command: RecordCommand, now: int) -> Answer:
        """What a command would do. Raises `Refusal`."""
        if isinstance(command, CountUp):
            return await self._count(command, now)
        table = await self._table(command.table)
        if isinstance(command, SaveRow):
            return await self._save(table, command)
        return await self._delete(table, command)

    async def _table(self, table_id: str) -> Table:
        table = await self._book.table(table_id)
        if table is None:
            raise no_table()
        return replace(table, row_count=table.row_count + self._added[table_id])

    async def _where(
        self, table: Table, column: str | None, value: Json, limit: int
    ) -> list[StoredRow]:
        ours = self._rows[table.id]
        there = await self._book.rows(table, column, value, limit + len(ours))
        found = [row for row in there if row.id not in ours]
        found += [row for row in ours.values() if row and _holds(table, row, column, value)]
        return sorted(found, key=lambda row: row.id)[:limit]

    async def _save(self, table: Table, command: SaveRow) -> Answer:
        cells = table.cells(command.cells)
        before = None
        if table.key_of(cells) is not None and table.key_column is not None:
            same = await self._where(table, table.key_column, cells[table.key_column], 1)
            before = same[0] if same else None
        refuse_double(table, command, before)
        # Sorts behind every row of the book, as the newest does there.
        found = saved(table, cells, before, f"~simulated-{len(self._rows[table.id]):06}")
        self._rows[table.id][found.row.id] = found.row
        self._added[table.id] += found.is_new
        return saved_answer(table, found, simulated=True)

    async def _delete(self, table: Table, command: DeleteRows) -> Answer:
        rows = await self._where(table, command.column, command.value, command.limit)
        for row in rows:
            self._rows[table.id][row.id] = None
        self._added[table.id] -= len(rows)
        return deleted_answer(table, rows, simulated=True)

    async def _count(self, command: CountUp, now: int) -> Answer:
        count = read_count(command)
        since = now - count.window_ms
        ours = self._counted[count.name, count.key]
        so_far = await self._book.counted(count.name, count.key, since)
        so_far += sum(amount for moment, amount in ours if moment > since)
        if is_within(count, so_far):
            ours.append((now, count.amount))
        return counted_answer(count, so_far)


def _holds(table: Table, row: StoredRow, column: str | None, value: Json) -> bool:
    if column is None:
        return True
    wanted = table.cells({column: value}).get(table.column(column).key)
    place = place_of(table.column(column), wanted)
    return wanted is not None and place in searchable(table, row.cells)
