"""JSON values as texts and conditions see them: read as numbers, times or words, and written out.

Money arrives as a decimal string ("369.97") and is computed as `Decimal`; a float that a shop
sends is taken for the digits it prints.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

LONGEST_OUTPUT = 256 * 1024
"""The most that one text may grow to, in bytes of UTF-8 (in characters, for values inside)."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_TIME = 40


class ValueType(StrEnum):
    """What a field holds, as its step's output schema says."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    BOOLEAN = "boolean"


class TooLong(ValueError):
    """The value would be longer than a text may be (256 KiB)."""


def schema_type(schema: Mapping[str, object]) -> ValueType | None:
    """The type of a field from its fragment of JSON Schema; None where that leaves it open."""
    marks = {schema.get("format"), schema.get("x-widget"), schema.get("x-type")}
    if "money" in marks:
        return ValueType.MONEY
    if marks & {"decimal", "number"}:
        return ValueType.NUMBER
    if marks & {"date-time", "date"}:
        return ValueType.TIME
    return _by_json_type(schema.get("type"))


def _by_json_type(name: object) -> ValueType | None:
    names = [each for each in name if each != "null"] if isinstance(name, list) else [name]
    types = {"string": ValueType.TEXT, "boolean": ValueType.BOOLEAN}
    types |= {"number": ValueType.NUMBER, "integer": ValueType.NUMBER}
    return types.get(names[0]) if len(names) == 1 and isinstance(names[0], str) else None


def as_number(value: object) -> Decimal | None:
    """A number, or a text that reads as one ("369.97"); never a yes or no, nor "1e5"."""
    if isinstance(value, str):
        stripped = value.strip()
        return Decimal(stripped) if _DECIMAL.fullmatch(stripped) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def as_time(value: object) -> datetime | date | None:
    """A time (`2026-11-22T09:30:00Z`, aware; UTC where no zone is said) or a day."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if not isinstance(value, str):
        return value if isinstance(value, date) else None
    if not _DAY.match(value) or len(value) > _LONGEST_TIME:
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else _aware(value)
    except ValueError:
        return None


def _aware(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_boolean(value: object) -> bool | None:
    """A yes or no, also when written `true` or `false`."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def is_blank(value: object) -> bool:
    """Whether a merchant would call it empty: null, nothing but spaces, an empty list or object."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | Mapping) and not value)


def as_text(value: object) -> str:
    """A value as it is printed: lists with commas, objects as JSON, null as nothing.

    Raises `TooLong` before a list or object becomes longer than a text may be.
    """
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, str):
        return str.__str__(value)
    return as_json(value) if isinstance(value, dict) else ""


def as_json(value: object) -> str:
    """A value as JSON, decimals and times as strings. Raises `TooLong`, `ValueError` (NaN)."""
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=as_text)
    return joined(encoder.iterencode(value))


def joined(parts: Iterable[str], separator: str = "") -> str:
    """The parts in one string. Raises `TooLong` as soon as they are too many, not afterwards."""
    kept: list[str] = []
    length = 0
    for part in parts:
        length += len(part) + len(separator)
        if length > LONGEST_OUTPUT + len(separator):
            raise TooLong
        kept.append(part)
    return separator.join(kept)


def _write_float(value: float) -> str:
    return format(Decimal(repr(value)), "f")


def _write_time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _write_list(value: Iterable[object]) -> str:
    return joined((_write_element(element) for element in value), ", ")


def _write_element(element: object) -> str:
    return as_json(element) if isinstance(element, list | tuple | dict) else as_text(element)


_WRITERS: dict[type, Callable[..., str]] = {
    str: str,
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _write_float,
    Decimal: lambda value: format(value, "f"),
    datetime: _write_time,
    date: date.isoformat,
    list: _write_list,
    tuple: _write_list,
    range: _write_list,
}
