"""Whether an event is the one that a step waits for."""

from collections.abc import Mapping

from cartwheel.expressions.lookup import parse_path, read
from cartwheel.node_sdk import Json


def is_awaited(match: Json, event_type: str, data: Mapping[str, Json]) -> bool:
    """`match` is `{"type": "order_paid", "where": {"order.id": "1042"}}`: what `Wait.for_event`
    said. Every path in `where` must lead to that value in the event's data."""
    if not isinstance(match, Mapping) or match.get("type") != event_type:
        return False
    where = match.get("where") or {}
    return all(_is_there(data, path, wanted) for path, wanted in where.items())


def _is_there(data: Mapping[str, Json], written: str, wanted: Json) -> bool:
    path = parse_path(written)
    return path is not None and read(data, path) == wanted
