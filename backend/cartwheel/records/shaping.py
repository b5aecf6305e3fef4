"""What a table looks like: made, and changed with all its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartwheel.clock import new_id, now_ms
from cartwheel.database import dump_json
from cartwheel.errors import Conflict, Invalid
from cartwheel.node_sdk import Json
from cartwheel.records.cells import CellError, ColumnType, read_cell, show
from cartwheel.records.reading import WholeTable
from cartwheel.records.schemas import GivenColumn, NewTable, TableChange
from cartwheel.records.store import (
    insert_table,
    lock_as_read,
    lock_table,
    put_rows,
    put_values,
    read_row,
    row_values,
)
from cartwheel.records.tables import (
    MOST_TABLES,
    Column,
    Refusal,
    StoredRow,
    Table,
    write_columns,
)
from cartwheel.sheets import column_names
from cartwheel.statements import Row, Sql, Transaction

PIECE = 2_000


def name_taken(name: str) -> Conflict:
    """Two tables of one name could not be told apart."""
    return Conflict(f"There is already a table “{name}”.", code="name_taken")


def new_table(workspace_id: int, wanted: NewTable) -> Transaction[Table]:
    """Make a table. Raises `Conflict` for a name that is taken, `Invalid` for bad columns."""
    columns = arranged((), wanted.columns, next_number=1)
    table = Table(new_id(), wanted.name, columns, key_in(columns, wanted.key))
    rows = yield Sql("SELECT count(*) FROM record_table WHERE workspace_id = $1", (workspace_id,))
    if rows[0][0] >= MOST_TABLES:
        raise Conflict(f"{MOST_TABLES} tables are the most.", code="too_many_tables")
    made = yield insert_table(workspace_id, table, wanted.name.casefold(), now_ms())
    if not made:
        raise name_taken(wanted.name)
    return table


def arranged(
    before: Sequence[Column], wanted: Sequence[GivenColumn], next_number: int
) -> tuple[Column, ...]:
    """The wanted columns: those that are there under their old keys, new ones with keys that no
    column ever had. Raises `Invalid`."""
    names = [column.name.casefold() for column in wanted]
    if double := next((c.name for c in wanted if names.count(c.name.casefold()) > 1), None):
        raise Invalid(f"Two columns are called “{double}”.", code="bad_columns")
    known = {column.key: column for column in before}
    taken, found = [*known, "id"], list[Column]()
    for given in wanted:
        choices = _choices(given)
        if given.key is not None:
            if given.key not in known:
                raise Invalid(f"There is no column “{given.key}”.", code="bad_columns")
            old = known[given.key]
            found.append(replace(old, name=given.name, type=given.type, choices=choices))
            continue
        key = column_names([*taken, given.name])[-1]
        taken.append(key)
        found.append(Column(key, given.name, given.type, next_number, choices))
        next_number += 1
    if len({column.key for column in found}) < len(found):
        raise Invalid("A column stands there twice.", code="bad_columns")
    return tuple(found)


def _choices(given: GivenColumn) -> tuple[str, ...]:
    if given.type is not ColumnType.CHOICE:
        return ()
    choices = tuple(dict.fromkeys(given.choices))
    if not choices:
        raise Invalid(f"“{given.name}” needs at least one choice.", code="bad_columns")
    return choices


def key_in(columns: Sequence[Column], wanted: str | None) -> str | None:
    """The key column, given by its key or its name. Raises `Invalid`."""
    if wanted is None:
        return None
    for column in columns:
        if wanted in (column.key, column.name):
            return column.key
    raise Invalid(f"There is no column “{wanted}” to tell the rows apart.", code="bad_columns")


# --- changing ---


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A table in its new shape, and those of its rows that are others in it, worked out on the
    table as it was at `changed_at`."""

    before: Table
    after: Table
    next_number: int
    changed_at: int
    values: Sequence[Row]


def numbers_of(workspace_id: int, table_id: str) -> Sql:
    """The number that the next new column gets."""
    return Sql(
        "SELECT next_number FROM record_table WHERE workspace_id = $1 AND id = $2",
        (workspace_id, table_id),
    )


def changes_rows(table: Table, wanted: TableChange, next_number: int) -> bool:
    """Whether the change is one of rows too. Raises `Invalid` for bad columns."""
    return _concerns_rows(table, _changed(table, wanted, next_number))


def reshaped(
    workspace_id: int, whole: WholeTable, wanted: TableChange, next_number: int
) -> Reshaped:
    """All that a change comes to, before anybody has to wait for it.

    Raises `Invalid` for columns that contradict each other or that rows do not fit.
    """
    after, now = _changed(whole.table, wanted, next_number), now_ms()
    keys, values = set[str](), list[Row]()
    for row in whole.rows:
        fitted = _fitted(after, row, keys)
        if after.key_column != whole.table.key_column or not _is_same(row, fitted):
            values.append(row_values(workspace_id, after, fitted, now))
    return Reshaped(whole.table, after, next_number, whole.changed_at, values)


def _is_same(before: StoredRow, after: StoredRow) -> bool:
    """Whether nothing is to be written: as JSON, because 1 and true are equal here."""
    return dump_json(before.cells) == dump_json(after.cells)


def write_reshaped(workspace_id: int, made: Reshaped, wanted: TableChange) -> Transaction[bool]:
    """Write it, or nothing where the table has changed since; False then. Raises `Conflict`."""
    table_id = made.after.id
    table = yield from lock_as_read(workspace_id, table_id, made.changed_at, now_ms())
    numbers = yield numbers_of(workspace_id, table_id)
    if table is None or numbers[0][0] != made.next_number:
        return False
    if wanted.name is not None:
        yield from _require_free(workspace_id, table_id, wanted.name)
    if _key_of(made.before) != _key_of(made.after):
        yield _forget_keys(workspace_id, table_id)
    for start in range(0, len(made.values), PIECE):
        yield put_values(made.values[start : start + PIECE])
    yield _write_table(workspace_id, made.after, made.next_number)
    return True


def _key_of(table: Table) -> Column | None:
    """The key's column without its name, which rows do not know."""
    found = next((each for each in table.columns if each.key == table.key_column), None)
    return found and replace(found, name="")


def change_table(
    workspace_id: int, table_id: str, wanted: TableChange
) -> Transaction[Table | None]:
    """Work a change out and write it while the table is locked: for one of no rows, or of a table
    that changes all the time; None where it is gone.

    Raises `Conflict` for a name that is taken, `Invalid` as `reshaped` does.
    """
    now = now_ms()
    table = yield from lock_table(workspace_id, table_id, now)
    if table is None:
        return None
    numbers = yield numbers_of(workspace_id, table_id)
    changed = _changed(table, wanted, numbers[0][0])
    if wanted.name is not None:
        yield from _require_free(workspace_id, table_id, wanted.name)
    if _concerns_rows(table, changed):
        yield from _fit_rows(workspace_id, changed, now)
    yield _write_table(workspace_id, changed, numbers[0][0])
    return changed


def _write_table(workspace_id: int, table: Table, next_number: int) -> Sql:
    used = [column.number for column in table.columns]
    return Sql(
        "UPDATE record_table SET name = $3, name_key = $4, columns = $5, key_column = $6, "
        "next_number = $7 WHERE workspace_id = $1 AND id = $2",
        (workspace_id, table.id, table.name, table.name.casefold(),
         write_columns(table.columns), table.key_column, max(next_number, max(used) + 1)),
    )  # fmt: skip


def _changed(table: Table, wanted: TableChange, next_number: int) -> Table:
    columns, key = table.columns, table.key_column
    if wanted.columns is not None:
        columns = arranged(table.columns, wanted.columns, next_number)
    if "key" in wanted.model_fields_set:
        key = key_in(columns, wanted.key)
    elif key not in {column.key for column in columns}:
        key = None
    return replace(table, name=wanted.name or table.name, columns=columns, key_column=key)


def _concerns_rows(before: Table, after: Table) -> bool:
    """Names, an order and further columns change no row: to write a hundred thousand of them anew
    would keep everybody waiting."""
    known = {column.key: column for column in before.columns}
    kept = {c.key: replace(c, name=known[c.key].name) for c in after.columns if c.key in known}
    return kept != known or before.key_column != after.key_column


def _require_free(workspace_id: int, table_id: str, name: str) -> Transaction[None]:
    rows = yield Sql(
        "SELECT 1 FROM record_table WHERE workspace_id = $1 AND name_key = $2 AND id <> $3",
        (workspace_id, name.casefold(), table_id),
    )
    if rows:
        raise name_taken(name)


def _fit_rows(workspace_id: int, table: Table, now: int) -> Transaction[None]:
    """Every row in the table's new shape. Raises `Invalid` for the first that does not fit.

    The old keys go first: a new one may be what another row was known by.
    """
    yield _forget_keys(workspace_id, table.id)
    last, keys = "", set[str]()
    while True:
        found = yield Sql(
            "SELECT id, cells FROM record_row WHERE workspace_id = $1 AND table_id = $2 "
            "AND id > $3 ORDER BY id LIMIT $4",
            (workspace_id, table.id, last, PIECE),
        )
        if not found:
            return
        rows = [_fitted(table, read_row(row), keys) for row in found]
        yield from put_rows(workspace_id, table, rows, now)
        last = rows[-1].id


def _forget_keys(workspace_id: int, table_id: str) -> Sql:
    return Sql(
        "UPDATE record_row SET key = NULL WHERE workspace_id = $1 AND table_id = $2",
        (workspace_id, table_id),
    )


def _fitted(table: Table, row: StoredRow, keys: set[str]) -> StoredRow:
    cells = {
        column.key: _fitted_cell(column, row.cells[column.key])
        for column in table.columns
        if row.cells.get(column.key) is not None
    }
    try:
        key = table.key_of(cells)
    except Refusal as refusal:
        raise Invalid(refusal.message, code="rows_do_not_fit") from None
    if key is not None and key in keys:
        raise Invalid(
            f"Two rows have “{key}”, so this column cannot tell the rows apart.",
            code="rows_do_not_fit",
        )
    keys |= {key} if key is not None else set()
    return StoredRow(row.id, cells)


def _fitted_cell(column: Column, value: Json) -> Json:
    try:
        return read_cell(column.type, show(value), column.choices)
    except CellError as error:
        raise Invalid(
            f"A row does not fit “{column.name}”: {error.message}", code="rows_do_not_fit"
        ) from None
