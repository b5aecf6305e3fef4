"""Filters that write money, numbers and dates as the reader's language and country do."""

import re
from datetime import UTC, date, datetime, time

from cartwheel.expressions.filters.arithmetic import to_number
from cartwheel.expressions.filters.filter import FilterRefusal, Functions, to_text
from cartwheel.expressions.filters.languages import language
from cartwheel.expressions.filters.strftime import format_time
from cartwheel.expressions.lookup import Scope, read
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.values import as_time, is_blank

_CURRENCY = re.compile(r"[A-Z]{3}")
_EPOCH = re.compile(r"[0-9]{1,11}")
_LONGEST_PATTERN = 40
_LAST = "workspace"
_LENGTHS = frozenset({"short", "medium", "long", "full"})


def _money(value: object, currency: object = None, *, surroundings: Surroundings) -> str:
    """The amount with its currency; the currency of the order (or other object) at hand if none
    is named. Without any, the plain number: a guessed currency would be a lie."""
    if is_blank(value):
        return ""
    code = scope_currency(surroundings.scope) if is_blank(currency) else _currency(currency)
    if code is None:
        return _number(value, 2, surroundings=surroundings)
    from babel.numbers import format_currency

    return format_currency(to_number(value), code, locale=language(surroundings.locale))


def _currency(value: object) -> str:
    code = to_text(value).strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise FilterRefusal(f"“{code[:20]}” is no currency. Write its three letters, as in “EUR”.")
    return code


def scope_currency(scope: Scope) -> str | None:
    """The currency of the data at hand: `currency`, the order's, any object's, the workspace's."""
    objects = [name for name in scope if name not in ("order", _LAST)]
    names = ["order", *objects, _LAST]
    for path in [("currency",), *((name, "currency") for name in names)]:
        found = read(scope, path)
        if isinstance(found, str) and _CURRENCY.fullmatch(found):
            return found
    return None


def _number(value: object, digits: object = None, *, surroundings: Surroundings) -> str:
    if is_blank(value):
        return ""
    from babel.numbers import format_decimal

    locale, number = language(surroundings.locale), to_number(value)
    if digits is None:
        return format_decimal(number, locale=locale, decimal_quantization=False)
    places = max(0, min(int(to_number(digits)), 10))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(number, format=pattern, locale=locale)


def _date(value: object, pattern: object = "medium", *, surroundings: Surroundings) -> str:
    """The date in the reader's time zone; what cannot be read as a date is printed as it is."""
    wanted = to_text(pattern) or "medium"
    if len(wanted) > _LONGEST_PATTERN:
        raise FilterRefusal(f"A date format can be {_LONGEST_PATTERN} characters long.")
    found = _moment(value, surroundings)
    if found is None:
        return "" if value in ("now", "today") else to_text(value)
    if isinstance(found, datetime):
        moment = found.astimezone(surroundings.zone())
    else:
        # A day has no time zone: moved into one it could become the day before.
        moment = datetime.combine(found, time.min, tzinfo=surroundings.zone())
    return _written(moment, wanted, surroundings.locale)


def _moment(value: object, surroundings: Surroundings) -> datetime | date | None:
    if value in ("now", "today"):
        return surroundings.now
    if isinstance(value, str) and not _EPOCH.fullmatch(value):
        return as_time(value)
    if isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(int(value), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return as_time(value)


def _written(moment: datetime, wanted: str, locale: str) -> str:
    if wanted in _LENGTHS:
        from babel.dates import format_date

        return format_date(moment, wanted, locale=language(locale))
    if wanted == "time":
        from babel.dates import format_time as format_clock

        return format_clock(moment, "short", tzinfo=moment.tzinfo, locale=language(locale))
    return format_time(moment, wanted, locale)


FUNCTIONS: Functions = {"date": _date, "money": _money, "number": _number}
