"""What an answer tells about the pace that its sender bears. Pure.

Shopify tells it in both of its interfaces: REST in a header (`32/40`: calls in a bucket), GraphQL
beside the data (points in a bucket, and what the query cost). Others tell nothing before they
refuse; what they say then (`Retry-After`) is heeded as a complaint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
HIGH_SHARE = 0.75
EMPTIES_IN_SECONDS = 20.0
"""A bucket that counts calls is as large as what it lets through in this time."""

_LEVEL_HEADER = "x-shopify-shop-api-call-limit"


@dataclass(frozen=True, slots=True)
class Level:
    """How full a bucket is, in its own unit; `restored` so many of them go out of it each second.
    A call like the one that was answered took `cost` of them and needs `needs` to be let in."""

    used: float
    size: float
    restored: float
    cost: float = 1.0
    needs: float = 1.0

    @property
    def is_high(self) -> bool:
        """Three quarters full, or too full for the next call."""
        return self.used >= self.size * HIGH_SHARE or self.needs > self._left

    @property
    def per_second(self) -> float:
        """Calls a second that the bucket lets through for ever."""
        return self.restored / max(self.cost, 1.0)

    @property
    def seconds_until_enough(self) -> float:
        """Until the next call like this one would be let in."""
        return max(min(self.needs, self.size) - self._left, 0.0) / self.restored

    @property
    def _left(self) -> float:
        return self.size - self.used


def told_level(headers: Mapping[str, str], body: Json) -> Level | None:
    """What an answer tells of its sender's bucket, if anything."""
    return _in_cost(body) or _in_header(headers)


def _in_header(headers: Mapping[str, str]) -> Level | None:
    given = next((text for name, text in headers.items() if name.lower() == _LEVEL_HEADER), "")
    used, _, size = given.partition("/")
    if not (used.isdecimal() and size.isdecimal() and len(given) < 20 and int(size)):
        return None
    return Level(int(used), int(size), int(size) / EMPTIES_IN_SECONDS)


def _in_cost(body: Json) -> Level | None:
    """`extensions.cost` of an answer in GraphQL. What a query that was refused would have cost is
    only asked for (`requestedQueryCost`); Shopify gives back what it asked for too much."""
    cost = _inside(_inside(body, "extensions"), "cost")
    status = _inside(cost, "throttleStatus")
    size, left, restored, needs = (
        _number(status, "maximumAvailable"),
        _number(status, "currentlyAvailable"),
        _number(status, "restoreRate"),
        _number(cost, "requestedQueryCost"),
    )
    if size is None or left is None or restored is None or needs is None or not restored:
        return None
    taken = _number(cost, "actualQueryCost")
    return Level(size - left, size, restored, needs if taken is None else taken, needs)


def _inside(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _number(value: Json, name: str) -> float | None:
    found = _inside(value, name)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if is_number and 0 <= found < 1e9 else None
