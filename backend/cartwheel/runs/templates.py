"""The settings of a step, compiled: only what holds variables is filled in and checked again."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from cartwheel.catalog.config import ConfigFault, schema_at
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import parts_of
from cartwheel.expressions.escapes import Escape
from cartwheel.expressions.lookup import MISSING, read
from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.texts import Text, compile_text
from cartwheel.node_sdk import Json, NodeError
from cartwheel.values import dataclass

Key = str | int

_PLAIN_CHECKS = {"type", "minLength", "maxLength", "title", "description", "default", "examples"}
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a step stands: what its texts can read, and in whose language and time zone."""

    scope: Mapping[str, Json]
    now: datetime
    locale: str = "en"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One text with variables. `shortest` and `longest` count characters of a plain text; a
    field with other demands is checked against its part of the schema."""

    pointer: str
    keys: tuple[Key, ...]
    text: Text
    escape: Escape
    title: str
    types: frozenset[str]
    shortest: int | None
    longest: int | None

    def fill(self, node_type: NodeType, around: Surroundings) -> Json:
        """The value of the field in these surroundings. Raises `NodeError`."""
        value = self._value(around)
        if self.shortest is None or not isinstance(value, str):
            _refuse(node_type.check_field(self.pointer, value))
        elif not self.shortest <= len(value) <= (self.longest or len(value)):
            self._refuse_length(value)
        return value

    def _value(self, around: Surroundings) -> Json:
        sole = self.text.sole_variable
        if sole is not None and "string" not in self.types:
            found = read(around.scope, sole)
            if not isinstance(found, str):
                return None if found is MISSING else found
        return _typed(self._rendered(around), self.types)

    def _rendered(self, around: Surroundings) -> str:
        try:
            return self.text.render(
                around.scope,
                escape=self.escape,
                locale=around.locale,
                timezone=around.timezone,
                now=around.now,
            )
        except TemplateError as error:
            raise NodeError(
                f"“{self.title}” could not be filled in: {error.message}",
                code="bad_setting",
                fix="Change the text in this step.",
            ) from None

    def _refuse_length(self, value: str) -> None:
        if not value:
            raise NodeError(
                f"“{self.title}” came out empty.",
                code="missing_setting",
                fix="Check that the data behind its variables is there, or give them a default.",
            )
        bound = (
            f"longer than {self.longest}"
            if self.longest is not None and len(value) > self.longest
            else f"shorter than {self.shortest}"
        )
        raise NodeError(f"“{self.title}” came out {bound} characters.", code="bad_setting")


@dataclass(frozen=True)
class SettingsTemplate:
    """Settings as drawn, and the fields in them to fill in.

    `copied` are the places of the lists and objects on the way to a field, outer ones first: they
    are copied for each step, and everything else is shared by all runs.
    """

    constant: Mapping[str, Json]
    fields: tuple[TemplateField, ...] = ()
    copied: tuple[tuple[Key, ...], ...] = field(default=())

    def fill(self, node_type: NodeType, around: Surroundings) -> dict[str, Json]:
        """The settings for one step. Raises `NodeError` where they do not fit their form."""
        filled = dict(self.constant)
        for keys in self.copied:
            holder = _walk(filled, keys[:-1])
            holder[keys[-1]] = holder[keys[-1]].copy()
        for each in self.fields:
            _walk(filled, each.keys[:-1])[each.keys[-1]] = each.fill(node_type, around)
        return filled


def compile_settings(node_type: NodeType, config: Mapping[str, Json]) -> SettingsTemplate:
    """The settings compiled. Raises `NodeError` where they are wrong as they stand."""
    _refuse(node_type.check_config(config))
    escapes = node_type.template_escapes(config)
    drawn = [
        _field(node_type, config, place, source, escapes.get(place, "none"))
        for place, source in node_type.template_fields(config)
    ]
    fields = tuple(found for found in drawn if found is not None)
    return SettingsTemplate(config, fields, _containers(fields))


def _field(
    node_type: NodeType, config: Mapping[str, Json], place: str, source: str, escape: str
) -> TemplateField | None:
    schema = schema_at(node_type.config_schema, place) or {}
    title = str(schema.get("title") or parts_of(place)[-1])
    text = _compiled(source, title)
    if text.is_constant:
        return None
    given = schema.get("type", ())
    types = frozenset([given] if isinstance(given, str) else given)
    is_plain = "string" in types and all(
        key in _PLAIN_CHECKS or key.startswith("x-") for key in schema
    )
    return TemplateField(
        pointer=place,
        keys=_keys(config, place),
        text=text,
        escape=Escape(escape),
        title=title,
        types=types,
        shortest=int(schema.get("minLength", 0)) if is_plain else None,
        longest=schema.get("maxLength"),
    )


def _compiled(source: str, title: str) -> Text:
    try:
        return compile_text(source)
    except TemplateError as error:
        raise NodeError(
            f"“{title}” cannot be read: {error.message}",
            code="bad_setting",
            fix="Change the text in this step.",
        ) from None


def _keys(config: Mapping[str, Json], place: str) -> tuple[Key, ...]:
    """A pointer's parts, with indexes as numbers where the config has a list."""
    keys: list[Key] = []
    value: Json = config
    for part in parts_of(place):
        key: Key = int(part) if isinstance(value, list) else part
        keys.append(key)
        value = value[key]
    return tuple(keys)


def _containers(fields: Iterable[TemplateField]) -> tuple[tuple[Key, ...], ...]:
    places = {each.keys[:length] for each in fields for length in range(1, len(each.keys))}
    return tuple(sorted(places, key=len))


def _walk(value: Json, keys: tuple[Key, ...]) -> Json:
    for key in keys:
        value = value[key]
    return value


def _typed(text: str, types: frozenset[str]) -> Json:
    """A rendered text as the kind of value that its field takes."""
    if not types or "string" in types:
        return text
    stripped = text.strip()
    if not stripped:
        return None
    if "boolean" in types and stripped.lower() in _TRUTHS:
        return _TRUTHS[stripped.lower()]
    return _number(stripped) if types & {"number", "integer"} else text


def _number(text: str) -> Json:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _refuse(faults: Iterable[ConfigFault]) -> None:
    for fault in faults:
        code = "missing_setting" if fault.missing else "bad_setting"
        raise NodeError(fault.message, code=code, fix="Open the step and correct this setting.")
