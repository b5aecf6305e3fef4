"""Tables and files: what a file holds, its lines taken in, and a table written out."""

import asyncio
from zoneinfo import ZoneInfo

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.records import importing
from cartwheel.records.cells import ColumnType, Writing, show
from cartwheel.records.reading import WholeTable, every_row, read_whole
from cartwheel.records.schemas import (
    Import,
    ImportResult,
    SheetColumn,
    SheetFile,
    SheetLine,
    SheetPreview,
)
from cartwheel.records.service import MOST_TRIES, nothing_here, refusing, table_of, zone_of
from cartwheel.records.tables import StoredRow, Table
from cartwheel.sheets import write_csv, write_xlsx

SHOWN_LINES = 8


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
    taken, lines = await _taken_in(database, workspace_id, table_id, wanted)
    return ImportResult(
        added=lines.added, changed=lines.changed, fault_count=taken.fault_count, faults=taken.faults
    )


async def _taken_in(
    database: Database, workspace_id: int, table_id: str, wanted: Import
) -> tuple[importing.Taken, importing.Lines]:
    """Judged and worked out first, so that the table is locked only while they are written."""
    zone = await zone_of(database, workspace_id)
    with refusing():
        for _ in range(MOST_TRIES):
            whole = await read_whole(database, workspace_id, table_id)
            if whole is None:
                raise nothing_here()
            taken, lines = await asyncio.to_thread(_judged, workspace_id, whole, wanted, zone)
            if taken.fault_count and not wanted.check:
                raise _faulty(taken)
            if wanted.check or await database.run(
                importing.write_lines(workspace_id, table_id, lines)
            ):
                return taken, lines
        written = await database.run(importing.import_rows(workspace_id, table_id, taken))
    if written is None:
        raise nothing_here()
    return taken, written


def _judged(
    workspace_id: int, whole: WholeTable, wanted: Import, zone: ZoneInfo
) -> tuple[importing.Taken, importing.Lines]:
    """What the file's lines come to; read anew for each try, which is rare."""
    sheet = importing.read_file(wanted.name, wanted.content)
    writing = Writing(zone, sheet.decimal_comma or None)
    taken = importing.take_lines(whole.table, sheet, wanted.columns, writing)
    return taken, importing.lines_for(workspace_id, whole, taken)


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
    rows = [row async for row in every_row(database, workspace_id, table)]
    return table.name, await asyncio.to_thread(_written, table, rows, kind)


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
