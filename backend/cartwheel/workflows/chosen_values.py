"""Settings that are one value of an earlier step, chosen by its path. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.expressions.lookup import Path, parse_path
from cartwheel.node_sdk import Json
from cartwheel.workflows.shapes import Schema, forms, json_types


@dataclass(frozen=True, slots=True)
class Choice:
    """One such setting: where it stands, what it names, and whether that has to be a list."""

    field: str
    written: str
    path: Path
    wants_list: bool


def choices_in(kind: NodeType, config: Json) -> Iterator[Choice]:
    """Every chosen value of a step's settings, nested ones included."""
    return _choices(kind.config_schema, config, ())


def looped_list(kind: NodeType, config: Json) -> Path | None:
    """The list that a step with a body goes through, if that is what it does."""
    if not kind.body:
        return None
    return next((each.path for each in choices_in(kind, config) if each.wants_list), None)


def looks_after_body(kind: NodeType) -> bool:
    """Whether the step's conditions may look at what the last pass of its body gave."""
    properties = kind.config_schema.get("properties", {})
    return kind.body and any(field.get("x-after-body") for field in properties.values())


def is_no_list(schema: Schema) -> bool:
    """Whether the schema says what stands there, and that is surely no list."""
    types = [json_types(form) for form in forms(schema)]
    return bool(types) and all(named and "array" not in named for named in types)


def _choices(schema: Json, value: Json, path: tuple[str | int, ...]) -> Iterator[Choice]:
    if not isinstance(schema, Mapping):
        return
    if schema.get("x-widget") == "variable" and isinstance(value, str):
        found = parse_path(value)
        if found is not None:
            yield Choice(pointer(path), value, found, schema.get("x-wants") == "list")
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _choices(schema.get("properties", {}).get(name), part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _choices(schema.get("items"), part, (*path, place))
