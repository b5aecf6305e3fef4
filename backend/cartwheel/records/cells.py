"""The values of a table: read from what people, files and steps give, and shown again. Pure.

A cell is JSON: text, number, yes or no as themselves, money as a decimal text, a date as
`2026-11-22`, a moment as `2026-11-22T09:30:00Z`; an empty cell is None.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from cartwheel.node_sdk import Json
from cartwheel.sheets import read_decimal

LONGEST_TEXT = 10_000
LARGEST_WHOLE = 2**53
_MOST_DIGITS = 15
_CURRENCY = re.compile(r"^[^\d+\-.,]{1,4}|[^\d.,]{1,4}$")
"""“12,50 zł”, “€ 12.50”: the column is money, so what stands around the number is its currency."""

YES = {"true", "yes", "y", "1", "x", "on", "tak", "t"}
NO = {"false", "no", "n", "0", "off", "nie"}


class ColumnType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    DATE = "date"
    DATE_TIME = "date_time"
    CHOICE = "choice"


class CellError(Exception):
    """A value does not fit its column; the message is a merchant's sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Writing:
    """How values are written where they come from: in which zone a bare time counts (the shop's),
    and with which decimal mark; None: as each number tells by itself."""

    zone: tzinfo = UTC
    decimal_comma: bool | None = None


PLAIN = Writing()


def read_cell(
    type_: ColumnType, value: Json, choices: Sequence[str] = (), writing: Writing = PLAIN
) -> Json:
    """The value as a cell holds it. Raises `CellError`."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, Mapping | list):
        raise CellError("A cell holds one value, not a list or an object.")
    if type_ is ColumnType.CHOICE:
        return _choice(value, choices)
    return _READERS[type_](value, writing)


def _text(value: Json, _: Writing) -> str:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if len(text) > LONGEST_TEXT:
        raise CellError(f"The text is longer than {LONGEST_TEXT:,} characters.")
    if "\0" in text:
        raise CellError("The text holds a NUL character, which no text may.")
    return text.strip()


def _number(value: Json, writing: Writing) -> int | float:
    number = _decimal(value, writing)
    is_whole = number == number.to_integral_value() and abs(number) < LARGEST_WHOLE
    return int(number) if is_whole else float(number)


def _money(value: Json, writing: Writing) -> str:
    bare = _CURRENCY.sub("", value) if isinstance(value, str) else value
    amount = _decimal(bare or value, writing)
    exponent = amount.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return f"{amount:.2f}" if places < 2 else f"{amount:f}"


def _decimal(value: Json, writing: Writing) -> Decimal:
    found: Decimal | None = None
    if isinstance(value, str):
        found = read_decimal(value, decimal_comma=writing.decimal_comma)
    elif not isinstance(value, bool):
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = None
    if found is None or not found.is_finite():
        raise CellError(f"“{_short(value)}” is no number.")
    if abs(found) >= Decimal(10) ** _MOST_DIGITS:
        raise CellError(f"“{_short(value)}” has more than {_MOST_DIGITS} digits before the point.")
    return round(found, 6) if len(found.as_tuple().digits) > 28 else found


def _yes_no(value: Json, _: Writing) -> bool:
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise CellError(f"“{_short(value)}” is neither yes nor no.")
    return word in YES


_DATES = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d")


def _date(value: Json, writing: Writing) -> str:
    text = str(value).strip()
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  (a day)
        except ValueError:
            continue
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat()
        return _moment(text, writing).astimezone(writing.zone).date().isoformat()
    except ValueError:
        raise CellError(f"“{_short(value)}” is no date; write it as 2026-11-22.") from None


def _date_time(value: Json, writing: Writing) -> str:
    try:
        moment = _moment(str(value).strip(), writing).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError(
            f"“{_short(value)}” is no date with a time; write it as 2026-11-22 09:30."
        ) from None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(text: str, writing: Writing) -> datetime:
    """A moment; without a zone of its own it is the shop's time."""
    moment: datetime | None = None
    for form in _DATES:
        for clock in (" %H:%M", " %H:%M:%S"):
            try:
                moment = datetime.strptime(text, form + clock)  # noqa: DTZ007  (zone below)
            except ValueError:
                continue
    found = moment or datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=writing.zone)


def _choice(value: Json, choices: Sequence[str]) -> str:
    known = {choice.casefold(): choice for choice in choices}
    found = known.get(str(value).strip().casefold())
    if found is None:
        listed = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")
        raise CellError(f"“{_short(value)}” is none of the choices: {listed}.")
    return found


_READERS: Mapping[ColumnType, Callable[[Json, Writing], Json]] = {
    ColumnType.TEXT: _text,
    ColumnType.NUMBER: _number,
    ColumnType.MONEY: _money,
    ColumnType.YES_NO: _yes_no,
    ColumnType.DATE: _date,
    ColumnType.DATE_TIME: _date_time,
}


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def show(value: Json) -> str:
    """A cell as text, as it stands in a file."""
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def fold(value: Json) -> str:
    """A cell as it is compared: capitals and spaces around it do not count."""
    return show(value).strip().casefold()
