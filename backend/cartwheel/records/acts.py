"""What a step's command makes of a table, decided without a database. Pure.

The worker's store and the simulator's memory ask here, so that both say and do the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from cartwheel.node_sdk import CountUp, Json, SaveRow
from cartwheel.records.tables import MOST_ROWS, Cells, Refusal, StoredRow, Table, in_words

PARTS = 10_000
"""Counters keep whole ten-thousandths."""
LONGEST_WINDOW = timedelta(days=400)
_MOST = Decimal(10) ** 12
LONGEST_NAME, LONGEST_KEY = 100, 400

Answer = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Saved:
    """A row as it shall stand, and whether it is new."""

    row: StoredRow
    is_new: bool


def saved(table: Table, cells: Cells, before: StoredRow | None, new_id: str) -> Saved:
    """The row after a save: `before` with other cells, or a new one. Raises `Refusal`."""
    if before is not None:
        return Saved(StoredRow(before.id, {**before.cells, **cells}), is_new=False)
    if table.row_count >= MOST_ROWS:
        raise Refusal(
            f"The table “{table.name}” is full: {MOST_ROWS:,} rows are the most.",
            code="table_full",
            fix="Delete rows that are no longer needed.",
        )
    return Saved(StoredRow(new_id, dict(cells)), is_new=True)


def refuse_double(table: Table, command: SaveRow, before: StoredRow | None) -> None:
    """Raises `Refusal` where a row shall only be added and its key is taken."""
    if before is not None and not command.update and table.key_column is not None:
        column = table.column(table.key_column)
        raise Refusal(
            f"“{table.name}” already has a row with the {column.name} "
            f"“{before.cells.get(column.key)}”.",
            code="row_exists",
            fix="Let the step change the row, or leave by the error port.",
        )


def saved_answer(table: Table, found: Saved, *, simulated: bool = False) -> Answer:
    """What a save is answered with."""
    what = in_words(table, found.row.cells)
    if simulated:
        words = f"Would {'add to' if found.is_new else 'change in'} “{table.name}”: {what}."
    else:
        words = f"{'Added to' if found.is_new else 'Changed in'} “{table.name}”: {what}."
    return {"row": table.shown(found.row), "is_new": found.is_new, "words": words}


def deleted_answer(table: Table, rows: Sequence[StoredRow], *, simulated: bool = False) -> Answer:
    """What deleting is answered with."""
    number = len(rows)
    if not rows:
        words = f"Nothing to delete in “{table.name}”."
    elif number == 1:
        words = f"{_deleting(simulated)} “{table.name}”: {in_words(table, rows[0].cells)}."
    else:
        words = f"{_deleting(simulated)} “{table.name}”: {number} rows."
    return {"deleted": number, "rows": [table.shown(row) for row in rows], "words": words}


def _deleting(simulated: bool) -> str:
    return "Would delete from" if simulated else "Deleted from"


def found_answer(table: Table, rows: Sequence[StoredRow]) -> Answer:
    """What looking for rows is answered with."""
    shown = [table.shown(row) for row in rows]
    return {"rows": shown, "count": len(shown), "table": table.name}


# --- counters ---


@dataclass(frozen=True, slots=True)
class Count:
    """A counter's command, checked; amounts in ten-thousandths."""

    name: str
    key: str
    amount: int
    window_ms: int
    limit: int | None


def read_count(command: CountUp) -> Count:
    """Raises `Refusal` for what cannot be counted."""
    key = command.key.strip().casefold()
    if not key:
        raise Refusal(
            "This counts for nobody: what it counts by is empty.",
            code="empty_key",
            fix="Choose a value that is always there, or check for it before this step.",
        )
    window = min(command.window, LONGEST_WINDOW)
    return Count(
        name=command.name.strip()[:LONGEST_NAME],
        key=key[:LONGEST_KEY].replace("\0", ""),
        amount=_parts(command.amount),
        window_ms=int(window.total_seconds() * 1000),
        limit=None if command.limit is None else _parts(command.limit),
    )


def _parts(text: str) -> int:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number > _MOST:
        raise Refusal(
            f"“{text.strip()[:40]}” cannot be counted: it must be a number from 0 on.",
            code="bad_value",
            fix="Correct the amount.",
        )
    return int(number * PARTS)


def is_within(count: Count, so_far: int) -> bool:
    """Whether there is room for it."""
    return count.limit is None or so_far + count.amount <= count.limit


def counted_answer(count: Count, so_far: int) -> Answer:
    """What counting is answered with; `so_far` is what the window held before."""
    within = is_within(count, so_far)
    total = so_far + count.amount if within else so_far
    left = None if count.limit is None else max(count.limit - total, 0)
    if count.limit is None:
        words = f"“{count.name}” stands at {_number(total)} for {count.key}."
    elif within:
        words = (
            f"“{count.name}” stands at {_number(total)} of {_number(count.limit)} for {count.key}."
        )
    else:
        words = (
            f"“{count.name}” is used up for {count.key}: "
            f"{_number(so_far)} of {_number(count.limit)}."
        )
    return {
        "within": within,
        "sum": _number(total),
        "left": None if left is None else _number(left),
        "words": words,
    }


def _number(parts: int) -> str:
    number = Decimal(parts) / PARTS
    return f"{number.normalize():f}" if number else "0"


def no_table() -> Refusal:
    """The table is gone."""
    return Refusal(
        "The table that this step uses does not exist any more.",
        code="unknown_table",
        fix="Choose another table in the step.",
    )


def refused(refusal: Mapping[str, Json]) -> Refusal:
    """A refusal as it was kept."""
    return Refusal(str(refusal["message"]), code=str(refusal["code"]), fix=refusal.get("fix"))


def as_kept(refusal: Refusal) -> dict[str, Json]:
    """A refusal as it is kept."""
    return {"message": refusal.message, "code": refusal.code, "fix": refusal.fix}
