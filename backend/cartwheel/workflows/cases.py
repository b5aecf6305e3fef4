"""Cases of one step that get in each other's way: the first that fits is taken. Pure.

Only what is sure is told: values that are compared as numbers, amounts or dates written out, and
values that are the same. `>= 100` before `>= 50` is how cases are meant to be used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import combinations

from cartwheel.catalog.pointers import pointer
from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import Node
from cartwheel.workflows.problems import GraphProblem, ProblemCode, Severity

_BELOW, _ABOVE = {"<", "<="}, {">", ">="}
_OPEN = {"<", ">"}
Bound = Decimal | datetime


@dataclass(frozen=True, slots=True)
class _Span:
    """What a case takes: from `low` to `high`; None is without end. Open ends are left out."""

    low: Bound | None
    high: Bound | None
    low_open: bool = False
    high_open: bool = False

    def covers(self, other: "_Span") -> bool:
        return self._begins_before(other) and self._ends_after(other)

    def meets(self, other: "_Span") -> bool:
        """Whether both are bounded and something lies in both."""
        if None in (self.low, self.high, other.low, other.high):
            return False
        return bool(self.low < other.high and other.low < self.high)  # type: ignore[operator]

    def _begins_before(self, other: "_Span") -> bool:
        if self.low is None or other.low is None:
            return self.low is None
        both = self.low == other.low and (not self.low_open or other.low_open)
        return bool(self.low < other.low or both)  # type: ignore[operator]

    def _ends_after(self, other: "_Span") -> bool:
        if self.high is None or other.high is None:
            return self.high is None
        both = self.high == other.high and (not self.high_open or other.high_open)
        return bool(self.high > other.high or both)  # type: ignore[operator]


def case_problems(node: Node, fields: Mapping[str, Json]) -> Iterator[GraphProblem]:
    """Cases that are never reached, and ranges that overlap."""
    for name, schema in fields.items():
        cases = node.config.get(name)
        if schema.get("x-widget") == "cases" and isinstance(cases, list):
            yield from _among(node.id, name, [c for c in cases if isinstance(c, Mapping)])


def _among(node_id: str, name: str, cases: Sequence[Mapping[str, Json]]) -> Iterator[GraphProblem]:
    told: set[int] = set()
    for (_, first), (number, later) in combinations(enumerate(cases), 2):
        message = None if number in told else _clash(first, later)
        if message is not None:
            told.add(number)
            yield GraphProblem(
                ProblemCode.CASES_OVERLAP,
                message,
                node_id=node_id,
                field=pointer((name, number, "value")),
                severity=Severity.WARNING,
                fix="Change one of them, or put the narrower one first.",
            )


def _clash(first: Mapping[str, Json], later: Mapping[str, Json]) -> str | None:
    one, other = _called(first), _called(later)
    if _written(first) == _written(later):
        return f"“{other}” is never reached: “{one}” takes the same value."
    early, late = _span(first), _span(later)
    if (
        early is None
        or late is None
        or type(early.low or early.high) is not type(late.low or late.high)
    ):
        return None
    if early.covers(late):
        return f"“{other}” is never reached: “{one}” takes everything that it would take."
    if early.meets(late):
        return f"“{one}” and “{other}” overlap: what fits both goes by “{one}”."
    return None


def _called(case: Mapping[str, Json]) -> str:
    return str(case.get("label") or case.get("id") or "")


def _written(case: Mapping[str, Json]) -> tuple[str, str]:
    return str(case.get("operator", "=")), str(case.get("value"))


def _span(case: Mapping[str, Json]) -> _Span | None:
    """None for what is no range of numbers or dates."""
    operator, value = str(case.get("operator", "=")), case.get("value")
    if operator == "between":
        parts = value if isinstance(value, list) else str(value).split(",")
        ends = [_bound(part) for part in parts]
        return _Span(ends[0], ends[1]) if len(ends) == 2 and None not in ends else None
    bound = _bound(value)
    if bound is None:
        return None
    if operator in _BELOW:
        return _Span(None, bound, high_open=operator in _OPEN)
    if operator in _ABOVE:
        return _Span(bound, None, low_open=operator in _OPEN)
    return _Span(bound, bound) if operator == "=" else None


def _bound(value: Json) -> Bound | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value).strip())
        return number if number.is_finite() else None
    except InvalidOperation:
        return _date(str(value).strip())


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
