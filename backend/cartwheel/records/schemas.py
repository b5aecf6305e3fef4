"""In what shape tables are asked for and shown."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cartwheel.languages.fields import Said
from cartwheel.records.cells import ColumnType
from cartwheel.records.tables import MOST_COLUMNS, Column, StoredRow, Table

Json = Any
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$"
    ),
]
Choices = Annotated[list[Name], Field(max_length=100)]
Key = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class GivenColumn(Body):
    """A column. `key` names one that is there already; without it the column is new."""

    key: Key | None = None
    name: Name
    type: ColumnType = ColumnType.TEXT
    choices: Choices = Field(default_factory=list, description="For the type `choice`")


Columns = Annotated[list[GivenColumn], Field(min_length=1, max_length=MOST_COLUMNS)]


class NewTable(Body):
    """A table to make. `key` names the column that tells its rows apart."""

    name: Name
    columns: Columns
    key: Name | None = None


class TableChange(Body):
    """What to change; what is left out stays. `columns` are all columns that shall be there."""

    name: Name | None = None
    columns: Columns | None = None
    key: Name | None = Field(default=None, description="A column's key or name; null: no key")


class RowBody(Body):
    """The cells of a row by column key."""

    cells: dict[Key, Json]


class SheetFile(Body):
    """A CSV or Excel file."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    content: str = Field(description="The file's bytes in base64")


class Import(SheetFile):
    """Lines to take into a table. `columns` has for each column of the file the key of the table's
    column, or null to leave it out. With `check` nothing is written."""

    columns: Annotated[list[Key | None], Field(max_length=200)]
    check: bool = False


class ColumnShape(BaseModel):
    """A column; `key` is its name in texts."""

    key: str
    name: str
    type: ColumnType
    choices: list[str]


class TableShape(BaseModel):
    """A table without its rows. `key_column` tells its rows apart."""

    id: str
    name: str
    columns: list[ColumnShape]
    key_column: str | None
    row_count: int


class TableList(BaseModel):
    """Every table of the workspace."""

    items: list[TableShape]
    next: str | None = None


class TableUser(BaseModel):
    """A workflow in which the table stands; `is_live`: in what runs now."""

    id: str
    name: str
    is_live: bool


class TableDetail(TableShape):
    """A table and the workflows that use it."""

    used_by: list[TableUser]


class RowShape(BaseModel):
    """A row: its cells by column key, empty ones null."""

    id: str
    cells: dict[str, Json]


class RowPage(BaseModel):
    """Some rows; `next` is the cursor of the page after them."""

    items: list[RowShape]
    next: str | None


class SheetColumn(BaseModel):
    """A column of a file, and what it seems to hold."""

    title: str
    type: ColumnType


class SheetLine(BaseModel):
    """A line of a file under its own number."""

    number: int
    cells: list[str]


class SheetPreview(BaseModel):
    """What a file holds: its columns, its first lines, and how many there are."""

    columns: list[SheetColumn]
    lines: list[SheetLine]
    count: int


class LineFault(BaseModel):
    """Why a line cannot be taken: the file's own line number, the column's name, and the reason."""

    line: int
    column: str | None
    message: Said


class ImportResult(BaseModel):
    """What an import does, or with `check` would do. With faults nothing is written."""

    added: int
    changed: int
    fault_count: int
    faults: list[LineFault]


Kind = Literal["csv", "xlsx"]


def column_shape(column: Column) -> ColumnShape:
    """A column as it is shown."""
    return ColumnShape(
        key=column.key, name=column.name, type=column.type, choices=list(column.choices)
    )


def table_fields(table: Table) -> dict[str, Json]:
    """The fields of a `TableShape`."""
    return {
        "id": table.id,
        "name": table.name,
        "columns": [column_shape(column) for column in table.columns],
        "key_column": table.key_column,
        "row_count": table.row_count,
    }


def row_shape(table: Table, row: StoredRow) -> RowShape:
    """A row as it is shown."""
    cells = {column.key: row.cells.get(column.key) for column in table.columns}
    return RowShape(id=row.id, cells=cells)
