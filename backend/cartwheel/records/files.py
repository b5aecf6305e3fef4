"""Tables and files: what a file holds, its lines taken in, and a table written out."""

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.records import importing
from cartwheel.records.cells import ColumnType, Writing, show
from cartwheel.records.schemas import (
    Import,
    ImportResult,
    SheetColumn,
    SheetFile,
    SheetLine,
    SheetPreview,
)
from cartwheel.records.service import nothing_here, refusing, table_of, zone_of
from cartwheel.records.store import read_row
from cartwheel.records.tables import StoredRow, Table
from cartwheel.sheets import write_csv, write_xlsx
from cartwheel.statements import Sql

SHOWN_LINES = 8
_PIECE = 5_000


async def preview(file: SheetFile) -> SheetPreview:
    """What a file holds. Raises `Invalid`."""
    return await asyncio.to_thread(_preview, file)


def _preview(file: SheetFile) -> SheetPreview:
    sheet = importing.read_file(file.name, file.content)
    return SheetPreview(
        columns=[
            SheetColumn(title=title, type=importing.guess_type(sheet, place))
            for place, title in enumerate(sheet.titles)
        ],
        lines=[
            SheetLine(number=line.number, cells=[cell[:200] for cell in line.cells])
            for line in sheet.lines[:SHOWN_LINES]
        ],
        count=len(sheet.lines),
    )


async def import_file(
    database: Database, workspace_id: int, table_id: str, wanted: Import
) -> ImportResult:
    """Take a file's lines into a table, all or none. Raises `NotFound`, `Invalid`; unless it only
    checks, also for lines that do not fit, with each of the first hundred of them."""
    table = await table_of(database, workspace_id, table_id)
    zone = await zone_of(database, workspace_id)
    with refusing():
        taken = await asyncio.to_thread(_taken, table, wanted, zone)
        if taken.fault_count and not wanted.check:
            raise _faulty(taken)
        numbers = await database.run(
            importing.import_rows(workspace_id, table_id, taken, check=wanted.check)
        )
    if numbers is None:
        raise nothing_here()
    return ImportResult(
        added=numbers[0], changed=numbers[1], fault_count=taken.fault_count, faults=taken.faults
    )


def _taken(table: Table, wanted: Import, zone: ZoneInfo) -> importing.Taken:
    sheet = importing.read_file(wanted.name, wanted.content)
    return importing.take_lines(
        table, sheet, wanted.columns, Writing(zone, sheet.decimal_comma or None)
    )


def _faulty(taken: importing.Taken) -> Invalid:
    return Invalid(
        f"{taken.fault_count} cells do not fit, so nothing was imported.",
        code="lines_do_not_fit",
        faults=[fault.model_dump() for fault in taken.faults],
        fault_count=taken.fault_count,
    )


async def export_table(
    database: Database, workspace_id: int, table_id: str, kind: str
) -> tuple[str, bytes]:
    """A table's name and all of it as a file. Raises `NotFound`."""
    table = await table_of(database, workspace_id, table_id)
    rows = [row async for row in _all_rows(database, workspace_id, table)]
    return table.name, await asyncio.to_thread(_written, table, rows, kind)


async def _all_rows(
    database: Database, workspace_id: int, table: Table
) -> AsyncIterator[StoredRow]:
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


def _written(table: Table, rows: list[StoredRow], kind: str) -> bytes:
    titles = [column.name for column in table.columns]
    if kind == "csv":
        lines = ([show(row.cells.get(c.key)) for c in table.columns] for row in rows)
        return write_csv(titles, lines).encode()
    typed = ([_typed(c.type, row.cells.get(c.key)) for c in table.columns] for row in rows)
    return write_xlsx(titles, typed, table.name)


def _typed(kind: ColumnType, value: Json) -> str | int | float:
    """Numbers and amounts as numbers, so that Excel can sum them up."""
    if value is not None and kind is ColumnType.MONEY:
        return float(value)
    return value if isinstance(value, int | float) and kind is ColumnType.NUMBER else show(value)
