"""What a step gives when its settings decide it.

Two hints in an output schema, each a pointer into the settings:

- `"x-members": {"at": "/values", "name": "name", "kind": "type"}`: a list there names the members
  and their kinds (`text number money boolean json`); `"kinds": {"sum": "money"}` says which kind
  another word stands for.
- `"x-like": "/sample"`: an example there has the members.
"""

from collections.abc import Iterator, Mapping

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.node_sdk import Json

Schema = Mapping[str, Json]

_KINDS: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "money": {"type": "string", "x-type": "money"},
    "boolean": {"type": "boolean"},
    "json": {},
}
_DEFAULT_KIND = "text"
_MAX_DEPTH = 8


def schema_for(schema: Schema, config: Mapping[str, Json]) -> Schema:
    """The output schema of a step with these settings."""
    members = dict(_listed(schema.get("x-members"), config))
    if place := schema.get("x-like"):
        example = look_up(config, place)
        members |= like(example).get("properties", {}) if example is not MISSING else {}
    if not members:
        return schema
    known = {**schema.get("properties", {}), **members}
    # An example shows only some members; a list in the settings names them all.
    return {**schema, "properties": known, "additionalProperties": place is not None}


def like(example: Json, depth: int = 0) -> dict[str, Json]:
    """A schema that describes an example: types and members, nothing required."""
    if depth > _MAX_DEPTH or example is None:
        return {}
    if isinstance(example, Mapping):
        members = {str(name): like(value, depth + 1) for name, value in example.items()}
        return {"type": "object", "properties": members, "additionalProperties": True}
    if isinstance(example, list):
        items = like(example[0], depth + 1) if example else {}
        return {"type": "array", "items": items}
    return {"type": _JSON_TYPES[type(example)]}


def _listed(hint: Json, config: Mapping[str, Json]) -> Iterator[tuple[str, Schema]]:
    if not isinstance(hint, Mapping):
        return
    entries = look_up(config, hint["at"])
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get(hint["name"]) if isinstance(entry, Mapping) else None
        if isinstance(name, str):
            said = str(entry.get(hint["kind"], _DEFAULT_KIND))
            kind = _KINDS.get(hint.get("kinds", {}).get(said, said), {})
            yield name, {**kind, "title": name}


_JSON_TYPES: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
