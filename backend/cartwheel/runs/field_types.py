"""What the fields that conditions compare hold, read from the output schemas of a graph's steps."""

from collections.abc import Iterator, Mapping

from cartwheel.expressions.values import ValueType, schema_type
from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import Node

_DEEPEST = 12

Types = Mapping[str, ValueType]
"""Field types by path without places in lists: `order.line_items.price`."""


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
