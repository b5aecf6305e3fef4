"""Files into tables: what a file holds, which of its lines fit, and all of them or none."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from cartwheel.clock import new_id, now_ms
from cartwheel.errors import Invalid, TooLarge
from cartwheel.node_sdk import Json
from cartwheel.records.cells import CellError, ColumnType, Writing, fold, read_cell
from cartwheel.records.reading import WholeTable
from cartwheel.records.schemas import LineFault
from cartwheel.records.store import (
    add_to_count,
    all_rows,
    lock_as_read,
    lock_table,
    put_values,
    read_row,
    row_values,
)
from cartwheel.records.tables import MOST_ROWS, Column, Refusal, StoredRow, Table
from cartwheel.sheets import Sheet, SheetError, read_csv, read_xlsx
from cartwheel.statements import Row, Transaction

LARGEST_FILE = 10 * 1024 * 1024
MOST_FAULTS = 100
PIECE = 2_000
_LOOKED_AT = 500
_XLSX_STARTS = b"PK\x03\x04"


def read_file(name: str, content: str) -> Sheet:
    """The sheet in a file (base64). Raises `Invalid` with the line where reading stops."""
    if len(content) > LARGEST_FILE * 4 // 3 + 4:
        raise TooLarge(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError:
        raise Invalid("The file's content is not valid base64.", code="bad_file") from None
    is_workbook = PurePath(name).suffix.lower() == ".xlsx" or data.startswith(_XLSX_STARTS)
    try:
        return read_xlsx(data) if is_workbook else read_csv(data)
    except SheetError as error:
        place = f"Line {error.line}: " if error.line else ""
        raise Invalid(f"{place}{error.message}", code="bad_file", line=error.line) from None


# --- what the columns of a file seem to hold ---

_GUESSES = (
    ColumnType.NUMBER, ColumnType.MONEY, ColumnType.DATE, ColumnType.DATE_TIME, ColumnType.YES_NO,
)  # fmt: skip


def guess_type(sheet: Sheet, place: int) -> ColumnType:
    """The kind that every one of the first values of a column fits; text where none does."""
    values = [line.cells[place] for line in sheet.lines[:_LOOKED_AT] if line.cells[place].strip()]
    writing = Writing(decimal_comma=sheet.decimal_comma)
    looks_like_code = any(
        v.strip().startswith(("0", "+")) and v.strip()[1:2].isdigit() for v in values
    )
    for kind in _GUESSES if values else ():
        is_number = kind in {ColumnType.NUMBER, ColumnType.MONEY}
        if not (is_number and looks_like_code) and all(_fits(kind, v, writing) for v in values):
            return kind
    return ColumnType.TEXT


def _fits(kind: ColumnType, value: str, writing: Writing) -> bool:
    try:
        read_cell(kind, value, (), writing)
    except CellError:
        return False
    return True


# --- lines as rows ---


@dataclass
class Taken:
    """The rows that came of a file's lines, and what is wrong with the other lines."""

    rows: list[dict[str, Json]] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    fault_count: int = 0

    def blame(self, line: int, column: str | None, message: str) -> None:
        """Note a fault; beyond the first hundred only their number."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(LineFault(line=line, column=column, message=message))


def take_lines(table: Table, sheet: Sheet, keys: Sequence[str | None], writing: Writing) -> Taken:
    """Every line as a row for the table. Raises `Refusal` for a column that does not exist."""
    chosen = _chosen(table, sheet, keys)
    taken, seen = Taken(), dict[str, int]()
    for line in sheet.lines:
        before, cells = taken.fault_count, dict[str, Json]()
        for place, column in chosen:
            try:
                cells[column.key] = read_cell(
                    column.type, line.cells[place], column.choices, writing
                )
            except CellError as error:
                taken.blame(line.number, column.name, error.message)
        if taken.fault_count == before:
            _judge_key(table, cells, line.number, taken, seen)
        if taken.fault_count == before:
            taken.rows.append(cells)
    return taken


def _chosen(table: Table, sheet: Sheet, keys: Sequence[str | None]) -> list[tuple[int, Column]]:
    if len(keys) != len(sheet.titles):
        raise Invalid(
            f"The file has {len(sheet.titles)} columns, but {len(keys)} were assigned.",
            code="bad_mapping",
        )
    chosen = [(place, table.column(key)) for place, key in enumerate(keys) if key is not None]
    if not chosen:
        raise Invalid("Assign at least one column of the file.", code="bad_mapping")
    if len({column.key for _, column in chosen}) < len(chosen):
        raise Invalid("Two columns of the file go into the same column.", code="bad_mapping")
    if table.key_column and table.key_column not in {column.key for _, column in chosen}:
        name = table.column(table.key_column).name
        raise Invalid(f"Assign a column to “{name}”: it tells the rows apart.", code="bad_mapping")
    return chosen


def _judge_key(
    table: Table, cells: dict[str, Json], line: int, taken: Taken, seen: dict[str, int]
) -> None:
    """A key must be there, and stand in one line only."""
    if table.key_column is None:
        return
    name = table.column(table.key_column).name
    try:
        key = table.key_of(cells) or ""
    except Refusal as refusal:
        taken.blame(line, name, refusal.message)
        return
    if key in seen:
        shown = fold(cells[table.key_column])
        taken.blame(line, name, f"“{shown}” stands in line {seen[key]} already.")
    else:
        seen[key] = line


# --- all or none ---


@dataclass(frozen=True, slots=True)
class Lines:
    """What an import writes, worked out on the table as it was at `changed_at`."""

    changed_at: int
    values: Sequence[Row]
    added: int

    @property
    def changed(self) -> int:
        """How many rows were there already."""
        return len(self.values) - self.added


def lines_for(workspace_id: int, whole: WholeTable, taken: Taken) -> Lines:
    """The rows that are added, and those that are changed because their key is there already.

    Raises `Refusal` where they are too many. All this is done before anybody has to wait for it.
    """
    table, now = whole.table, now_ms()
    known = {table.key_of(row.cells): row for row in whole.rows} if table.key_column else {}
    ids = _ids_in_order(len(taken.rows))
    rows = [_joined(table, cells, known, i) for cells, i in zip(taken.rows, ids, strict=True)]
    added = sum(is_new for _, is_new in rows)
    if table.row_count + added > MOST_ROWS:
        raise Refusal(
            f"The table would have {table.row_count + added:,} rows; {MOST_ROWS:,} are the most.",
            code="table_full",
        )
    values = [row_values(workspace_id, table, row, now) for row, _ in rows]
    return Lines(whole.changed_at, values, added)


def write_lines(workspace_id: int, table_id: str, lines: Lines) -> Transaction[bool]:
    """Write them all, or none where the table has changed since; False then."""
    table = yield from lock_as_read(workspace_id, table_id, lines.changed_at, now_ms())
    if table is None:
        return False
    yield from _put(workspace_id, table, lines)
    return True


def import_rows(workspace_id: int, table_id: str, taken: Taken) -> Transaction[Lines | None]:
    """Work the lines out and write them while the table is locked, for one that changes all the
    time; None where it is gone. Raises `Refusal` where they are too many."""
    table = yield from lock_table(workspace_id, table_id, now_ms())
    if table is None:
        return None
    found = yield all_rows(workspace_id, table)
    whole = WholeTable(table, [read_row(row) for row in found], changed_at=0)
    lines = lines_for(workspace_id, whole, taken)
    yield from _put(workspace_id, table, lines)
    return lines


def _put(workspace_id: int, table: Table, lines: Lines) -> Transaction[None]:
    for start in range(0, len(lines.values), PIECE):
        yield put_values(lines.values[start : start + PIECE])
    yield from add_to_count(workspace_id, table, lines.added)


def _ids_in_order(number: int) -> list[str]:
    """Fresh ids that sort as the file's lines stand; those of one moment would not."""
    first = new_id()[:18]
    return [f"{first}{place:08}" for place in range(number)]


def _joined(
    table: Table, cells: dict[str, Json], known: Mapping[str | None, StoredRow], row_id: str
) -> tuple[StoredRow, bool]:
    before = known.get(table.key_of(cells) or "")
    if before is None:
        return StoredRow(row_id, cells), True
    return StoredRow(before.id, {**before.cells, **cells}), False
