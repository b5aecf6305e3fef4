"""Lists, or one member of every entry of a list."""

import json
from collections.abc import Callable, Mapping

from cartwheel.node_sdk import Context, Json, NodeError

Entry = Mapping[str, Json]


def entries_of(ctx: Context, entry: Entry) -> list[Json]:
    """The list, or of each of its entries the wanted member. Raises `NodeError`."""
    path = str(entry.get("list") or "")
    found = ctx.read(path) if path else None
    if found is None:
        return []
    if not isinstance(found, list):
        raise NodeError(
            f"“{path}” is no list.",
            code="not_a_list",
            fix="Choose a list, such as order.line_items.",
        )
    member = entry.get("member")
    return [_inside(each, str(member)) for each in found] if member else found


def _inside(value: Json, path: str) -> Json:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _unique(found: list[Json], entry: Entry) -> list[Json]:  # noqa: ARG001
    seen: dict[str, Json] = {}
    for each in found:
        seen.setdefault(json.dumps(each, sort_keys=True), each)
    return list(seen.values())


def _join(found: list[Json], entry: Entry) -> str:
    separator = entry.get("with")
    shown = (each if isinstance(each, str) else json.dumps(each) for each in found if each != "")
    return str(", " if separator is None else separator).join(shown)


_CHANGES: Mapping[str, Callable[[list[Json], Entry], Json]] = {
    "count": lambda found, _: len(found),
    "first": lambda found, _: found[0] if found else None,
    "last": lambda found, _: found[-1] if found else None,
    "pick": lambda found, _: found,
    "unique": _unique,
    "join": _join,
}


def _of(change: Callable[[list[Json], Entry], Json]) -> Callable[[Context, Entry], Json]:
    return lambda ctx, entry: change(entries_of(ctx, entry), entry)


OPERATIONS = {name: _of(change) for name, change in _CHANGES.items()}
