"""One value against another, as conditions compare them.

The type comes from the field's schema. Where it is unknown, two sides that both read as decimals
compare as numbers, as times where both read as times, else as words without regard to case (as
Shopify Flow compares them).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from cartwheel.expressions.operators import OPERATORS, Operator, Quantifier
from cartwheel.expressions.values import (
    ValueType,
    as_boolean,
    as_number,
    as_text,
    as_time,
    is_blank,
)
from cartwheel.values import dataclass

Sides = tuple[Decimal, Decimal] | tuple[date, date] | tuple[str, str] | tuple[bool, bool]

_ORDERING = frozenset({"<", "<=", ">", ">=", "between"})


class Pattern(Protocol):
    """A compiled regular expression."""

    def search(self, text: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rule as it was judged, for whoever wants other words than ours.

    `left` is what stood in the field (a list of them where the field runs through a list), `right`
    what it was compared with; None where there was nothing.
    """

    field: str
    operator: str
    left: object
    right: object
    holds: bool
    quantifier: str | None = None


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares by one operator with one other side.

    `right` is a list for operators that need two or several values. Days are days in `zone`.
    """

    operator: Operator
    right: object
    type: ValueType | None
    zone: ZoneInfo
    pattern: Pattern | None = None

    def holds(self, left: object) -> bool:
        """Whether the operator holds for `left`. Never raises."""
        positive = OPERATORS[self.operator.opposite_of or self.operator.name]
        return self._holds(positive.name, left) != (self.operator.opposite_of is not None)

    def _holds(self, name: str, left: object) -> bool:
        if name == "null":
            return is_blank(left)
        if is_blank(left):
            return False
        if name == "matches":
            return self._matches(left)
        if isinstance(self.right, list):
            return self._holds_for_several(name, left, self.right)
        return not is_blank(self.right) and self._holds_for_one(name, left, self.right)

    def _matches(self, left: object) -> bool:
        text = as_text(left).encode("utf-8", "replace")
        return self.pattern is not None and self.pattern.search(text) is not None

    def _holds_for_several(self, name: str, left: object, others: list[object]) -> bool:
        if name == "in":
            return any(self._holds_for_one("=", left, other) for other in others)
        if name == "between":
            # Whoever writes the larger bound first means the same range.
            both = others if len(others) == 2 else [None, None]
            return self._within(left, *both) or self._within(left, *reversed(both))
        return any(self._holds_for_one(name, left, other) for other in others)

    def _within(self, left: object, low: object, high: object) -> bool:
        return self._holds_for_one(">=", left, low) and self._holds_for_one("<=", left, high)

    def _holds_for_one(self, name: str, left: object, right: object) -> bool:
        if name in ("contains", "beginsWith", "endsWith"):
            return self._holds_in_words(name, left, right)
        sides = self._sides(left, right, ordering=name in _ORDERING)
        if sides is None:
            return False
        if name == "=":
            return sides[0] == sides[1]
        if name in ("<=", ">=") and sides[0] == sides[1]:
            return True
        return bool(sides[0] < sides[1] if name.startswith("<") else sides[0] > sides[1])  # type: ignore[operator]

    def _holds_in_words(self, name: str, left: object, right: object) -> bool:
        if name == "contains" and isinstance(left, list | tuple):
            return any(self._holds_for_one("=", element, right) for element in left)
        text, part = _folded(left), _folded(right)
        if name == "beginsWith":
            return text.startswith(part)
        return text.endswith(part) if name == "endsWith" else part in text

    def _sides(self, left: object, right: object, *, ordering: bool) -> Sides | None:
        """Both sides as the same kind of thing, or None where they cannot be."""
        match self.type:
            case ValueType.NUMBER | ValueType.MONEY:
                return _numbers(left, right)
            case ValueType.TIME:
                return _times(left, right, self.zone)
            case ValueType.BOOLEAN:
                return _booleans(left, right)
            case ValueType.TEXT if not ordering:
                return _folded(left), _folded(right)
        return self._guessed_sides(left, right, ordering=ordering)

    def _guessed_sides(self, left: object, right: object, *, ordering: bool) -> Sides | None:
        numbers = _numbers(left, right)
        if numbers is not None:
            return numbers
        if ordering and (as_number(left) is None) != (as_number(right) is None):
            # Whether “#1042” is above 1000 has no answer; as words it would have a wrong one.
            return None
        times = _times(left, right, self.zone)
        if times is not None:
            return times
        return _booleans(left, right) or (_folded(left), _folded(right))


def _folded(value: object) -> str:
    return as_text(value).casefold()


def _numbers(left: object, right: object) -> tuple[Decimal, Decimal] | None:
    one, other = as_number(left), as_number(right)
    return None if one is None or other is None else (one, other)


def _booleans(left: object, right: object) -> tuple[bool, bool] | None:
    one, other = as_boolean(left), as_boolean(right)
    return None if one is None or other is None else (one, other)


def _times(left: object, right: object, zone: ZoneInfo) -> tuple[date, date] | None:
    one, other = as_time(left), as_time(right)
    if one is None or other is None:
        return None
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one, other
    return _day(one, zone), _day(other, zone)


def _day(moment: date, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()


def quantified(quantifier: Quantifier, results: list[bool]) -> bool:
    """Whether enough entries passed. Of no entries, all pass, none passes, and no one does."""
    if quantifier is Quantifier.ALL:
        return all(results)
    return any(results) != (quantifier is Quantifier.NONE)
