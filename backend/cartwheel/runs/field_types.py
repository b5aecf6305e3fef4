"""What the fields that conditions compare hold and are called, from a graph's output schemas."""

from collections.abc import Iterator, Mapping

from cartwheel.expressions.values import ValueType, schema_type
from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import Node

_DEEPEST = 12

Types = Mapping[str, ValueType]
"""Field types by path without places in lists: `order.line_items.price`."""

Names = Mapping[str, str]
"""Fields in a merchant's words by path: "Order total" for `order.total`."""


def field_types(trigger: Node | None, schemas: Mapping[str, Json]) -> Types:
    """The types of everything a condition may read, from every step's output schema by node id.

    The trigger's objects stand under their own names, every other step under `steps.<id>`.
    """
    found: dict[str, ValueType] = {}
    for node_id, schema in schemas.items():
        place = f"steps.{node_id}"
        found.update(_types(schema, place))
        if trigger is not None and node_id == trigger.id:
            found.update(
                (path.removeprefix(f"{place}."), kind) for path, kind in _types(schema, place)
            )
    return found


def _types(schema: Json, place: str, depth: int = 0) -> Iterator[tuple[str, ValueType]]:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    kind = schema_type(schema)
    if kind is not None:
        yield place, kind
    for name, part in schema.get("properties", {}).items():
        yield from _types(part, f"{place}.{name}", depth + 1)
    yield from _types(schema.get("items"), place, depth + 1)


def field_names(
    trigger: Node | None, schemas: Mapping[str, Json], titles: Mapping[str, str]
) -> Names:
    """What everything that a condition may read is called; `titles` are the steps' own names."""
    found: dict[str, str] = {}
    for node_id, schema in schemas.items():
        place = f"steps.{node_id}"
        found.update(_names(schema, place, titles.get(node_id, "")))
        if trigger is not None and node_id == trigger.id:
            for name, part in schema.get("properties", {}).items():
                found.update(_names(part, name, _title(part, name)))
    return found


def _names(schema: Json, place: str, said: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    yield place, said
    for name, part in schema.get("properties", {}).items():
        yield from _names(part, f"{place}.{name}", _joined(said, _title(part, name)), depth + 1)
    yield from _names(schema.get("items"), place, said, depth + 1)


def _title(schema: Json, name: str) -> str:
    title = schema.get("title") if isinstance(schema, Mapping) else None
    return title if isinstance(title, str) and title else name.replace("_", " ").capitalize()


def _joined(said: str, title: str) -> str:
    """ "Order" and "Total" are "Order total"; what names its owner already is enough by itself."""
    if said.casefold() in title.casefold().split():
        return title
    return f"{said} {title if title.isupper() else title[:1].lower() + title[1:]}".strip()
