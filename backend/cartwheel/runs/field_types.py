"""What the fields that conditions compare hold and are called, from a graph's output schemas."""

import functools
from collections.abc import Iterator, Mapping

from cartwheel.expressions.values import ValueType, schema_type
from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import Node

_DEEPEST = 12

Types = Mapping[str, ValueType]
"""Field types by path without places in lists: `order.line_items.price`."""

Labels = tuple[str, ...]
"""Titles from the outside in: `("Order", "Total")`."""

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
        labels = labels_in(schema, f"steps.{node_id}", (titles.get(node_id, ""),))
        found.update((place, in_english(each)) for place, each in labels)
        if trigger is not None and node_id == trigger.id:
            found.update((place, in_english(each)) for place, each in labels_of_objects(schema))
    return found


def labels_of_objects(schema: Json) -> Iterator[tuple[str, Labels]]:
    """The same of a trigger's objects, which stand under their own names."""
    for name, part in schema.get("properties", {}).items():
        yield from labels_in(part, name, (_title(part, name),))


def labels_in(
    schema: Json, place: str, labels: Labels, depth: int = 0
) -> Iterator[tuple[str, Labels]]:
    """Every place in a schema with its titles from the outside in."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    yield place, labels
    for name, part in schema.get("properties", {}).items():
        inner = (*labels, _title(part, name))
        yield from labels_in(part, f"{place}.{name}", inner, depth + 1)
    yield from labels_in(schema.get("items"), place, labels, depth + 1)


def _title(schema: Json, name: str) -> str:
    title = schema.get("title") if isinstance(schema, Mapping) else None
    return title if isinstance(title, str) and title else name.replace("_", " ").capitalize()


def in_english(labels: Labels) -> str:
    """ "Order" and "Total" are "Order total"; what names its owner already is enough by itself."""
    return functools.reduce(_joined, labels)


def _joined(said: str, title: str) -> str:
    if said.casefold() in title.casefold().split():
        return title
    return f"{said} {softened(title)}".strip()


def softened(title: str) -> str:
    """A title inside a sentence; names in capitals (SKU, URL) stay as they are."""
    is_short = title.isupper() or title[1:2].isupper()
    return title if is_short else title[:1].lower() + title[1:]
