"""A table as a value: its columns, and rows made to fit them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from cartwheel.expressions.suggestions import did_you_mean
from cartwheel.node_sdk import Json, NodeError
from cartwheel.records.cells import PLAIN, CellError, ColumnType, Writing, fold, read_cell

MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_TABLES = 200
LONGEST_KEY = 400
_FIRST_MARK, _END = 0xE000, "\uf8ff"
_MARKS = dict.fromkeys((*range(_FIRST_MARK, _FIRST_MARK + 4000), ord(_END)))
"""Characters that nobody types, each standing for a column in the searchable text of a row."""


class Refusal(NodeError):
    """A row or a command does not fit the table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `key` is its name in texts and rows and never changes; nor does `number`."""

    key: str
    name: str
    type: ColumnType
    number: int
    choices: tuple[str, ...] = ()

    def document(self) -> dict[str, Json]:
        """The column as it is kept."""
        kept = {"key": self.key, "name": self.name, "type": self.type.value, "number": self.number}
        return {**kept, "choices": list(self.choices)} if self.choices else kept


Cells = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Table:
    """A table without its rows. The column named by `key_column` tells its rows apart."""

    id: str
    name: str
    columns: tuple[Column, ...]
    key_column: str | None = None
    row_count: int = 0

    def column(self, key: str) -> Column:
        """A column by its key or its name. Raises `Refusal` with a suggestion."""
        for column in self.columns:
            if key in (column.key, column.name):
                return column
        known = [column.key for column in self.columns]
        raise Refusal(
            f"The table “{self.name}” has no column “{key}”.{did_you_mean(key, known)}",
            code="unknown_column",
            fix="Choose one of the table's columns.",
        )

    def cells(self, given: Cells, writing: Writing = PLAIN) -> dict[str, Json]:
        """Given values as cells, by column key. Raises `Refusal` for the first that does not
        fit."""
        found: dict[str, Json] = {}
        for name, value in given.items():
            column = self.column(name)
            try:
                found[column.key] = read_cell(column.type, value, column.choices, writing)
            except CellError as error:
                raise Refusal(
                    f"“{column.name}”: {error.message}",
                    code="bad_value",
                    fix="Correct the value, or the column's kind.",
                ) from None
        return found

    def key_of(self, cells: Cells) -> str | None:
        """What tells a row apart; None where the table has no key. Raises `Refusal` for a row
        without one."""
        if self.key_column is None:
            return None
        key = fold(cells.get(self.key_column))
        column = self.column(self.key_column)
        if not key:
            raise Refusal(
                f"“{column.name}” is empty, but it tells the rows of “{self.name}” apart.",
                code="missing_key",
                fix="Give it a value.",
            )
        if len(key) > LONGEST_KEY:
            raise Refusal(
                f"“{column.name}” is longer than {LONGEST_KEY} characters, too long for what tells "
                "rows apart.",
                code="bad_value",
            )
        return key

    def shown(self, row: "StoredRow") -> dict[str, Json]:
        """A row as steps see it: its id and every column."""
        cells = {column.key: row.cells.get(column.key) for column in self.columns}
        return {"id": row.id, **cells}


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it is kept."""

    id: str
    cells: Mapping[str, Json] = field(default_factory=dict)


def searchable(table: Table, cells: Cells) -> str:
    """The row as one text for searching: each value between its column's mark and an end."""
    return "".join(
        place_of(column, cells[column.key])
        for column in table.columns
        if cells.get(column.key) is not None
    )


def place_of(column: Column, value: Json) -> str:
    """What stands in the searchable text of exactly those rows that hold this value there."""
    return f"{chr(_FIRST_MARK + column.number)}{part_of(value)}{_END}"


def part_of(value: Json) -> str:
    """What stands in the searchable text of rows that hold this somewhere."""
    return fold(value).translate(_MARKS)


def read_columns(text: str) -> tuple[Column, ...]:
    """Columns as they were kept."""
    return tuple(
        Column(
            each["key"],
            each["name"],
            ColumnType(each["type"]),
            each["number"],
            tuple(each.get("choices", ())),
        )
        for each in orjson.loads(text)
    )


def write_columns(columns: Sequence[Column]) -> str:
    """Columns as they are kept."""
    return orjson.dumps([column.document() for column in columns]).decode()


def in_words(table: Table, cells: Cells) -> str:
    """A row in a few words: “E-mail anna@example.com, Product Mug”."""
    return ", ".join(_named(table, cells))[:200] or "nothing"


def _named(table: Table, cells: Cells) -> Iterator[str]:
    for column in table.columns:
        value = cells.get(column.key)
        if value is not None:
            yield f"{column.name} {str(value)[:60]}"
