"""The shop's own tables over HTTP."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.records import files, service
from cartwheel.records.grid import Wanted
from cartwheel.records.schemas import (
    Import,
    ImportResult,
    Kind,
    NewTable,
    RowBody,
    RowPage,
    RowShape,
    SheetFile,
    SheetPreview,
    TableChange,
    TableDetail,
    TableList,
)

router = APIRouter(prefix="/api/tables", tags=["tables"])
Book = Annotated[Database, Depends(database)]
NO_NUL = r"^[^\x00]*$"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("")
async def list_tables(book: Book, caller: AnyCaller) -> TableList:
    """Every table of the workspace, by name."""
    return await service.list_tables(book, caller.workspace_id)


@router.post("", status_code=201)
async def create_table(body: NewTable, book: Book, caller: AnyCaller) -> TableDetail:
    """Make a table."""
    return await service.create_table(book, caller.workspace_id, body)


@router.post("/file")
async def preview_file(body: SheetFile, caller: AnyCaller) -> SheetPreview:  # noqa: ARG001
    """What a CSV or Excel file holds: its columns, what they seem to be, and the first lines."""
    return await files.preview(body)


@router.get("/{table_id}")
async def get_table(table_id: str, book: Book, caller: AnyCaller) -> TableDetail:
    """A table and the workflows that use it."""
    return await service.get_table(book, caller.workspace_id, table_id)


@router.patch("/{table_id}")
async def change_table(
    table_id: str, body: TableChange, book: Book, caller: AnyCaller
) -> TableDetail:
    """Change a table's name, columns or key; its rows are changed with it, or nothing is."""
    return await service.change_table(book, caller.workspace_id, table_id, body)


@router.delete("/{table_id}", status_code=204)
async def delete_table(table_id: str, book: Book, caller: AnyCaller) -> None:
    """Delete a table with its rows. Refused while a workflow that is switched on uses it."""
    await service.delete_table(book, caller.workspace_id, table_id)


@router.get("/{table_id}/rows")
async def list_rows(
    table_id: str,
    book: Book,
    caller: AnyCaller,
    search: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
    sort: Annotated[str, Query(max_length=61)] = "",
    cursor: Annotated[str | None, Query(max_length=20_000)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> RowPage:
    """Rows in which `search` stands, by the column `sort` (`-` before it: downwards)."""
    wanted = Wanted(search, sort, cursor, limit)
    return await service.list_rows(book, caller.workspace_id, table_id, wanted)


@router.post("/{table_id}/rows", status_code=201)
async def add_row(table_id: str, body: RowBody, book: Book, caller: AnyCaller) -> RowShape:
    """Add a row."""
    return await service.add_row(book, caller.workspace_id, table_id, body.cells)


@router.patch("/{table_id}/rows/{row_id}")
async def change_row(
    table_id: str, row_id: str, body: RowBody, book: Book, caller: AnyCaller
) -> RowShape:
    """Change cells of a row; those that are left out stay."""
    return await service.change_row(book, caller.workspace_id, table_id, row_id, body.cells)


@router.delete("/{table_id}/rows/{row_id}", status_code=204)
async def delete_row(table_id: str, row_id: str, book: Book, caller: AnyCaller) -> None:
    """Delete a row."""
    await service.delete_row(book, caller.workspace_id, table_id, row_id)


@router.post("/{table_id}/import")
async def import_file(table_id: str, body: Import, book: Book, caller: AnyCaller) -> ImportResult:
    """Take the lines of a file into the table: all of them or none. Where the table has a key,
    lines whose key is there already change that row."""
    return await files.import_file(book, caller.workspace_id, table_id, body)


@router.get("/{table_id}/export", response_class=Response)
async def export_table(
    table_id: str,
    book: Book,
    caller: AnyCaller,
    format: Kind = "csv",
) -> Response:
    """The whole table as a CSV or Excel file."""
    name, data = await files.export_table(book, caller.workspace_id, table_id, format)
    file_name = quote(f"{name}.{format}", safe="")
    return Response(
        data,
        media_type=_MEDIA[format],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{file_name}"},
    )
