"""Finding one's way through an output schema: what stands at `order.customer.email`?

A schema is JSON Schema as node types write it. An object that lists properties and says nothing
of others is taken to be complete; `additionalProperties: true`, no properties or no type at all
mean that anything may stand there, and then nothing is ever complained about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartwheel.node_sdk import Json

Schema = Mapping[str, Json]
OPEN: Schema = {}
"""Says nothing, allows everything."""
_COUNT: Schema = {"type": "integer", "title": "Count"}


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a path. `may_be_empty`: it, or something on the way to it, can be null."""

    schema: Schema
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing stands at a path: `parent` exists, `name` is not one of its `candidates`."""

    parent: tuple[str, ...]
    name: str
    candidates: tuple[str, ...]


def look_up(schema: Schema, path: Sequence[str], *, through_lists: bool = False) -> Found | Absent:
    """What the schema says about a path.

    With `through_lists` a name steps into every element of a list (`order.line_items.sku`), as
    conditions do; texts need a place (`order.line_items.0.sku`).
    """
    here, may_be_empty = schema, False
    for place, name in enumerate(path):
        member = _member(here, name, through_lists)
        if member is None:
            return Absent(tuple(path[:place]), name, tuple(names(here, through_lists)))
        here = member
        may_be_empty = may_be_empty or is_nullable(member)
    return Found(here, may_be_empty)


def names(schema: Schema, through_lists: bool = False) -> Iterator[str]:
    """The names that an object of this schema has."""
    for form in forms(schema):
        yield from properties(form)
        items = form.get("items")
        if through_lists and isinstance(items, Mapping):
            yield from names(items)


def forms(schema: Schema) -> tuple[Schema, ...]:
    """The shapes a value may have, null left out: the schema itself, or its alternatives."""
    branches = [
        branch
        for keyword in ("anyOf", "oneOf", "allOf")
        for branch in _list(schema.get(keyword))
        if isinstance(branch, Mapping) and branch.get("type") != "null"
    ]
    own = (schema,) if not branches or "properties" in schema else ()
    return (*own, *(form for branch in branches for form in forms(branch)))


def properties(schema: Schema) -> Mapping[str, Schema]:
    """The described members of an object."""
    described = schema.get("properties")
    if not isinstance(described, Mapping):
        return {}
    return {name: part if isinstance(part, Mapping) else OPEN for name, part in described.items()}


def is_nullable(schema: Schema) -> bool:
    """Whether null may stand there."""
    if "null" in json_types(schema):
        return True
    return any(
        isinstance(branch, Mapping) and is_nullable(branch)
        for keyword in ("anyOf", "oneOf")
        for branch in _list(schema.get(keyword))
    )


def json_types(schema: Schema) -> tuple[str, ...]:
    """The JSON types that the schema itself names, without its alternatives."""
    named = schema.get("type")
    return tuple(each for each in [*_list(named), named] if isinstance(each, str))


def is_list(schema: Schema) -> bool:
    """Whether a list stands there, and nothing but a list or null."""
    return all("array" in json_types(form) or "items" in form for form in forms(schema))


def _member(schema: Schema, name: str, through_lists: bool) -> Schema | None:
    found = [_member_of_form(form, name, through_lists) for form in forms(schema)]
    return next((member for member in found if member is not None), None)


def _member_of_form(schema: Schema, name: str, through_lists: bool) -> Schema | None:
    described = properties(schema)
    if name in described:
        return described[name]
    if "$ref" in schema:
        return OPEN
    types = json_types(schema)
    if "items" in schema or "array" in types:
        return _element(schema, name, through_lists)
    if described or "object" in types:
        return _COUNT if name == "size" else _undescribed(schema, described)
    if types and not {"object", "array"}.intersection(types):
        return _COUNT if name == "size" and "string" in types else None
    return OPEN


def _undescribed(schema: Schema, described: Mapping[str, Schema]) -> Schema | None:
    others = schema.get("additionalProperties", not described)
    if "patternProperties" in schema or others is True:
        return OPEN
    return others if isinstance(others, Mapping) else None


def _element(schema: Schema, name: str, through_lists: bool) -> Schema | None:
    if name == "size":
        return _COUNT
    items = schema.get("items")
    element: Schema = items if isinstance(items, Mapping) else OPEN
    if name in ("first", "last") or name.removeprefix("-").isdecimal():
        return element
    return _member(element, name, through_lists) if through_lists else None


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()
