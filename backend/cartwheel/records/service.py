"""What we decide about tables: their rows, who uses them, files in and out."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid, NotFound
from cartwheel.node_sdk import Json
from cartwheel.records import grid, shaping
from cartwheel.records.acts import saved
from cartwheel.records.cells import Writing, show
from cartwheel.records.reading import read_whole
from cartwheel.records.schemas import (
    NewTable,
    RowPage,
    RowShape,
    TableChange,
    TableDetail,
    TableList,
    TableShape,
    TableUser,
    row_shape,
    table_fields,
)
from cartwheel.records.store import (
    add_to_count,
    drop_rows,
    find_table,
    is_id,
    lock_table,
    put_rows,
    row_by_id,
    row_by_key,
    tables_of,
)
from cartwheel.records.tables import Refusal, StoredRow, Table
from cartwheel.statements import Sql, Transaction

MOST_TRIES = 3
"""How often what was worked out begins anew because the table has changed meanwhile."""


def nothing_here() -> NotFound:
    return NotFound("There is no such table here.")


@contextmanager
def refusing() -> Iterator[None]:
    """What does not fit, as the one who asked is told."""
    try:
        yield
    except Refusal as refusal:
        words = f"{refusal.message} {refusal.fix}" if refusal.fix else refusal.message
        raise Invalid(words, code=refusal.code) from None


# --- tables ---


async def list_tables(database: Database, workspace_id: int) -> TableList:
    """Every table, by name."""
    found = await tables_of(database, workspace_id)
    return TableList(items=[TableShape(**table_fields(table)) for table in found])


async def create_table(database: Database, workspace_id: int, wanted: NewTable) -> TableDetail:
    """Make a table. Raises `Conflict`, `Invalid`."""
    table = await database.run(shaping.new_table(workspace_id, wanted))
    return TableDetail(**table_fields(table), used_by=[])


async def get_table(database: Database, workspace_id: int, table_id: str) -> TableDetail:
    """A table and who uses it. Raises `NotFound`."""
    table = await table_of(database, workspace_id, table_id)
    users = await database.fetch(_users(workspace_id, table_id))
    return TableDetail(
        **table_fields(table),
        used_by=[TableUser(id=row[0], name=row[1], is_live=bool(row[2])) for row in users],
    )


async def change_table(
    database: Database, workspace_id: int, table_id: str, wanted: TableChange
) -> TableDetail:
    """Change a table and its rows with it. Raises `NotFound`, `Conflict`, `Invalid`."""
    with refusing():
        for _ in range(MOST_TRIES):
            made = await _reshaped(database, workspace_id, table_id, wanted)
            if made is None:
                break
            if await database.run(shaping.write_reshaped(workspace_id, made, wanted)):
                return await get_table(database, workspace_id, table_id)
        changed = await database.run(shaping.change_table(workspace_id, table_id, wanted))
    if changed is None:
        raise nothing_here()
    return await get_table(database, workspace_id, table_id)


async def _reshaped(
    database: Database, workspace_id: int, table_id: str, wanted: TableChange
) -> shaping.Reshaped | None:
    """A change of rows, worked out before the table is locked; None for one of none."""
    table = await table_of(database, workspace_id, table_id)
    numbers = await database.fetch(shaping.numbers_of(workspace_id, table_id))
    if not numbers or not shaping.changes_rows(table, wanted, numbers[0][0]):
        return None
    whole = await read_whole(database, workspace_id, table_id)
    if whole is None:
        raise nothing_here()
    return await asyncio.to_thread(shaping.reshaped, workspace_id, whole, wanted, numbers[0][0])


async def delete_table(database: Database, workspace_id: int, table_id: str) -> None:
    """Take a table away with its rows. Raises `NotFound`, and `Conflict` with the workflows while
    one that is switched on uses it."""
    await database.run(_delete_table(workspace_id, table_id))


def _delete_table(workspace_id: int, table_id: str) -> Transaction[None]:
    table = yield from lock_table(workspace_id, table_id, now_ms())
    if table is None:
        raise nothing_here()
    users = yield _users(workspace_id, table_id)
    live = [{"id": row[0], "name": row[1]} for row in users if row[2]]
    if live:
        names = ", ".join(f"“{each['name']}”" for each in live)
        raise Conflict(
            f"Workflows that are switched on use “{table.name}”: {names}. "
            "Switch them off or give them another table first.",
            code="table_in_use",
            workflows=live,
        )
    place = (workspace_id, table_id)
    yield Sql("DELETE FROM record_row WHERE workspace_id = $1 AND table_id = $2", place)
    yield Sql("DELETE FROM record_table WHERE workspace_id = $1 AND id = $2", place)


def _users(workspace_id: int, table_id: str) -> Sql:
    """id, name, whether it is live, of the workflows in which the table stands.

    Workflows stand a layer above, so this asks their tables and imports nothing of theirs. An id is
    long and ours, so it stands in a graph's text only where the table is meant.
    """
    named = f'%"{table_id}"%'
    return Sql(
        "SELECT w.id, w.name, CASE WHEN v.graph LIKE $2 THEN 1 ELSE 0 END FROM workflow w "
        "LEFT JOIN workflow_version v ON v.workspace_id = w.workspace_id "
        "AND v.workflow_id = w.id AND v.number = w.active_version "
        "WHERE w.workspace_id = $1 AND w.deleted_at IS NULL "
        "AND (w.draft LIKE $2 OR v.graph LIKE $2) ORDER BY w.name",
        (workspace_id, named),
    )


async def table_of(database: Database, workspace_id: int, table_id: str) -> Table:
    found = await find_table(database, workspace_id, table_id)
    if found is None:
        raise nothing_here()
    return found


# --- rows ---


async def list_rows(
    database: Database, workspace_id: int, table_id: str, wanted: grid.Wanted
) -> RowPage:
    """A page of rows. Raises `NotFound`, `Invalid`."""
    table = await table_of(database, workspace_id, table_id)
    with refusing():
        page = await grid.page_of(database, workspace_id, table, wanted)
    return RowPage(items=[row_shape(table, row) for row in page.rows], next=page.next)


async def add_row(
    database: Database, workspace_id: int, table_id: str, cells: dict[str, Json]
) -> RowShape:
    """Add a row. Raises `NotFound`, `Invalid` for what does not fit, `Conflict` for a key that is
    taken."""
    writing = await _writing(database, workspace_id)
    with refusing():
        return await database.run(_put_row(workspace_id, table_id, None, cells, writing))


async def change_row(
    database: Database, workspace_id: int, table_id: str, row_id: str, cells: dict[str, Json]
) -> RowShape:
    """Change some cells of a row. Raises `NotFound`, `Invalid`, `Conflict`."""
    writing = await _writing(database, workspace_id)
    with refusing():
        return await database.run(_put_row(workspace_id, table_id, row_id, cells, writing))


def _put_row(
    workspace_id: int, table_id: str, row_id: str | None, given: dict[str, Json], writing: Writing
) -> Transaction[RowShape]:
    now = now_ms()
    table = yield from lock_table(workspace_id, table_id, now)
    if table is None:
        raise nothing_here()
    before = None
    if row_id is not None:
        before = (yield from row_by_id(workspace_id, table, row_id)) if is_id(row_id) else None
        if before is None:
            raise NotFound("There is no such row here.")
    found = saved(table, table.cells(given, writing), before, new_id())
    same = yield from row_by_key(workspace_id, table, table.key_of(found.row.cells))
    if same is not None and same.id != found.row.id:
        raise _key_taken(table, found.row)
    yield from put_rows(workspace_id, table, [found.row], now)
    if found.is_new:
        yield from add_to_count(workspace_id, table, 1)
    return row_shape(table, found.row)


def _key_taken(table: Table, row: StoredRow) -> Conflict:
    column = table.column(table.key_column or "")
    return Conflict(
        f"There is already a row with the {column.name} “{show(row.cells.get(column.key))}”.",
        code="row_exists",
    )


async def delete_row(database: Database, workspace_id: int, table_id: str, row_id: str) -> None:
    """Delete a row. Raises `NotFound`."""
    await database.run(_drop_row(workspace_id, table_id, row_id))


def _drop_row(workspace_id: int, table_id: str, row_id: str) -> Transaction[None]:
    table = yield from lock_table(workspace_id, table_id, now_ms())
    if table is None:
        raise nothing_here()
    row = (yield from row_by_id(workspace_id, table, row_id)) if is_id(row_id) else None
    if row is None:
        raise NotFound("There is no such row here.")
    yield from drop_rows(workspace_id, table, [row.id])


async def _writing(database: Database, workspace_id: int) -> Writing:
    return Writing(await zone_of(database, workspace_id))


async def zone_of(database: Database, workspace_id: int) -> ZoneInfo:
    rows = await database.fetch(
        Sql("SELECT timezone FROM workspace WHERE id = $1", (workspace_id,))
    )
    return ZoneInfo(rows[0][0])
