"""Whether the schemas of a node type make a good form and a good list of variables."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault, schema_itself
from cartwheel.catalog.config import ConfigSchema, Schema
from cartwheel.catalog.formats import FORMATS
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.node_sdk import Json

WIDGETS = frozenset(
    [
        "template-text",
        "template-multiline",
        "template-html",
        "multiline",
        "rules",
        "connection",
        "duration",
        "select",
        "tags",
        "choices",
        "timezone",
        "key-values",
        "cases",
        "event-type",
        "secret",
        "schema",
        "variable",
        "workflow",
        "table",
        "table-column",
        "table-cells",
        "made-id",
    ]
)
ESCAPES = frozenset({"none", "html", "json", "url", "header", "body"})
TYPES = frozenset({"money", "date-time", "date", "duration", "email", "phone", "url"})
HINTS = frozenset(
    [
        "x-template",
        "x-escape",
        "x-widget",
        "x-order",
        "x-show-if",
        "x-labels",
        "x-former",
        "x-placeholder",
        "x-message",
        "x-unique-by",
        "x-connection-app",
        "x-connection-optional",
        "x-secret",
        "x-type",
        "x-members",
        "x-row-of",
        "x-like",
        "x-wants",
        "x-after-body",
        "x-choices",
    ]
)


def form_faults(file: Path, schema: Schema, apps: Mapping[str, App]) -> Iterator[Fault]:
    """What is wrong with a schema that a form is made from."""
    yield from schema_itself(file, schema)
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        yield Fault(file, "", "Settings are an object with “additionalProperties”: false.")
    for place, field in fields_of(schema):
        for message in _field(field, apps):
            yield Fault(file, place, message)
    for place, parent in _objects(schema):
        yield from (Fault(file, place, message) for message in _object(parent))


def output_faults(node_type: NodeType, apps: Mapping[str, App]) -> Iterator[Fault]:  # noqa: ARG001
    """What is wrong with a schema that variables are offered from."""
    file, schema = node_type.folder / "output.schema.json", node_type.output_schema
    yield from schema_itself(file, schema)
    if schema.get("type") != "object":
        yield Fault(file, "", "What a step gives is an object.")
    for place, field in fields_of(schema):
        for message in (*_words(field), *_hints(field)):
            yield Fault(file, place, message)


def fields_of(schema: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Schema]]:
    """(JSON pointer, schema) of every field, nested ones included."""
    if not isinstance(schema, Mapping):
        return
    for name, field in (schema.get("properties") or {}).items():
        yield pointer((*path, "properties", name)), field
        yield from fields_of(field, (*path, "properties", name))
    for place in ("items", "additionalProperties"):
        if isinstance(schema.get(place), Mapping):
            yield pointer((*path, place)), schema[place]
            yield from fields_of(schema[place], (*path, place))


def _objects(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield "", schema
    for place, field in fields_of(schema):
        if isinstance(field, Mapping) and "properties" in field:
            yield place, field


def _field(field: Schema, apps: Mapping[str, App]) -> Iterator[str]:
    yield from _words(field)
    yield from _hints(field)
    yield from _template(field)
    yield from _default(field)
    for app in field.get("x-connection-app", ()):
        if app not in apps:
            yield f"There is no app “{app}”."
    every, former = ({str(choice) for choice in field.get(key, ())} for key in ("enum", "x-former"))
    if unknown := former - every:
        yield f"“x-former” names what “enum” does not: {', '.join(sorted(unknown))}."
    choices = every - former
    if unknown := set(field.get("x-labels", ())) ^ choices if "x-labels" in field else set():
        yield f"“x-labels” and “enum” differ in {', '.join(sorted(unknown))}."


def _words(field: Schema) -> Iterator[str]:
    if not isinstance(field, Mapping):
        yield "A field is an object that describes it."
        return
    for word in ("title", "description"):
        if not field.get(word):
            yield f"It has no {word}."


def _hints(field: Schema) -> Iterator[str]:
    known = {
        "x-widget": WIDGETS,
        "x-escape": ESCAPES,
        "x-type": TYPES,
        "format": frozenset(FORMATS),
    }
    for hint, values in known.items():
        if hint in field and field[hint] not in values:
            yield f"“{hint}” knows no “{field[hint]}”."
    for key in field:
        if key.startswith("x-") and key not in HINTS:
            yield f"There is no hint “{key}”."


def _template(field: Schema) -> Iterator[str]:
    named = field.get("type")
    types = [named] if isinstance(named, str) else list(named or ())
    if field.get("x-template") and "string" not in types:
        yield "Only a field that takes text can be a text with variables."
    if "x-escape" in field and not field.get("x-template"):
        yield "“x-escape” belongs to a text with variables (x-template)."


def _default(field: Schema) -> Iterator[str]:
    if "default" in field:
        for fault in ConfigSchema(field).faults(field["default"], rendered=False):
            yield f"The default does not fit: {fault.message}"


def _object(parent: Schema) -> Iterator[str]:
    known = parent.get("properties", {})
    for name in parent.get("required", ()):
        if name not in known:
            yield f"It requires “{name}”, which it does not describe."
    for name, field in known.items():
        for other in field.get("x-show-if", {}) if isinstance(field, Mapping) else ():
            if other not in known:
                yield f"“{name}” is shown by “{other}”, which is not there."
    orders = [field["x-order"] for field in known.values() if "x-order" in field]
    if len(orders) != len(set(orders)):
        yield "Two fields have the same “x-order”."
