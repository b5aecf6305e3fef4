"""Settings against their schema: every fault at once, pinned to its field.

A field marked `x-template` takes a text with variables while a workflow is being drawn; once
its variables are replaced, the value must pass the schema like any other.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cartwheel.catalog.fault_words import Violation, sentence
from cartwheel.catalog.formats import format_checker
from cartwheel.catalog.pointers import parts_of, pointer
from cartwheel.node_sdk import Json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Schema = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One thing wrong in some settings.

    `field` is a JSON pointer into the config ("" for all of it); `missing` tells an empty place
    from a wrong value.
    """

    field: str
    message: str
    missing: bool = False


class TemplateText(NamedTuple):
    """A text in some settings whose variables are replaced before the step runs.

    `escape` says where the finished text will stand: `none html json url header`.
    """

    pointer: str
    source: str
    escape: str


def has_variables(value: Json) -> bool:
    """Whether this is a text in which something stands to be replaced."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


class ConfigSchema:
    """A schema for settings, with its validators built once and only when asked."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._leaves: dict[int, Draft202012Validator] = {}

    def faults(self, config: Json, *, rendered: bool) -> list[ConfigFault]:
        """Everything wrong with `config`; with `rendered`, variables are no excuse any more."""
        faults = [
            fault
            for error in _violations(self._validator, config)
            if rendered or not _awaits_variables(error)
            for fault in _faults_of(error, self.schema)
        ]
        faults.extend(_doubles(self.schema, config, ()))
        return sorted(faults, key=lambda fault: fault.field)

    def field_faults(self, place: str, value: Json) -> list[ConfigFault]:
        """Everything wrong with one rendered value, judged by its own part of the schema."""
        schema = schema_at(self.schema, place)
        if schema is None:
            return []
        validator = self._leaves.get(id(schema)) or self._leaves.setdefault(
            id(schema), _new_validator(schema)
        )
        return [
            ConfigFault(
                place, sentence(error, title_at(self.schema, place), schema), _is_empty(error)
            )
            for error in _violations(validator, value)
        ]

    def templates(self, config: Json) -> Iterator[TemplateText]:
        """Every text in `config` that may hold variables, nested ones included."""
        return _templates(self.schema, config, ())

    @functools.cached_property
    def _validator(self) -> "Draft202012Validator":
        return _new_validator(self.schema)


def _new_validator(schema: Schema) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema, format_checker=format_checker())


def _violations(validator: "Draft202012Validator", value: Json) -> Iterator[Violation]:
    absent: set[Json] = set()
    for error in validator.iter_errors(value):
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        path, keyword = tuple(error.absolute_path), str(error.validator)
        if keyword == "required":
            # jsonschema reports the absent properties of one object one by one, without a name.
            if path in absent:
                continue
            absent.add(path)
        yield Violation(keyword, error.validator_value, error.instance, schema, path)


def _awaits_variables(error: Violation) -> bool:
    return bool(error.schema.get("x-template")) and has_variables(error.value)


def _faults_of(error: Violation, schema: Schema) -> Iterator[ConfigFault]:
    place = pointer(error.path)
    if error.keyword == "required":
        for key in (key for key in error.demanded if key not in error.value):
            field = place + pointer([key])
            yield ConfigFault(field, f"“{title_at(schema, field)}” is missing.", missing=True)
    elif error.keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        for key in (key for key in error.value if key not in known):
            field = place + pointer([key])
            yield ConfigFault(field, f"There is no setting “{key}” here.")
    else:
        words = sentence(error, title_at(schema, place), schema_at(schema, place) or {})
        yield ConfigFault(place, words, _is_empty(error))


def _is_empty(error: Violation) -> bool:
    return error.value in ("", None, []) and error.keyword != "uniqueItems"


def _doubles(schema: Json, value: Json, path: tuple[str | int, ...]) -> Iterator[ConfigFault]:
    """Entries of a list that share what `x-unique-by` says must tell them apart."""
    if not isinstance(schema, Mapping):
        return
    member = schema.get("x-unique-by")
    seen: set[str] = set()
    for key, child in _entries(value):
        yield from _doubles(_child(schema, str(key)), child, (*path, key))
        name = child.get(member) if member and isinstance(child, Mapping) else None
        if isinstance(name, str):
            if name in seen:
                yield ConfigFault(pointer((*path, key, str(member))), f"“{name}” is there twice.")
            seen.add(name)


def title_at(schema: Schema, place: str) -> str:
    """The words on the form for the field at `place`, or its bare name."""
    found = schema_at(schema, place) or {}
    parts = parts_of(place)
    last = next((part for part in reversed(parts) if not part.isdecimal()), "This")
    return str(found.get("title") or last)


def schema_at(schema: Schema, place: str) -> Schema | None:
    """The part of the schema that describes the value at `place`, or None where it is silent."""
    found: Json = schema
    for part in parts_of(place):
        found = _child(found, part)
        if not isinstance(found, Mapping):
            return None
    return found if isinstance(found, Mapping) else None


def _child(schema: Schema, part: str) -> Json:
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and part in properties:
        return properties[part]
    if part.isdecimal() and isinstance(schema.get("items"), Mapping):
        return schema["items"]
    return schema.get("additionalProperties")


def _templates(schema: Json, value: Json, path: tuple[str | int, ...]) -> Iterator[TemplateText]:
    if not isinstance(schema, Mapping):
        return
    if schema.get("x-template"):
        yield from _marked(value, path, str(schema.get("x-escape", "none")))
        return
    for key, child in _entries(value):
        yield from _templates(_child(schema, str(key)), child, (*path, key))


def _marked(value: Json, path: tuple[str | int, ...], escape: str) -> Iterator[TemplateText]:
    if isinstance(value, str):
        yield TemplateText(pointer(path), value, _sink(escape, value))
    for key, child in _entries(value):
        # A text inside a JSON structure is put there as a value, so nothing needs escaping.
        yield from _marked(child, (*path, key), "none")


def _entries(value: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _sink(escape: str, source: str) -> str:
    """`body` means: JSON where the text is written as JSON, else plain."""
    if escape != "body":
        return escape
    start = source.lstrip()[:2]
    return "json" if start[:1] in {"{", "["} and not has_variables(start) else "none"
