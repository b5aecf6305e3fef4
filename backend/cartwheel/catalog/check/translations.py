"""Whether the words of another language are all there, and none of them without its English."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.config import Schema
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.catalog.refusals import RefusalTable
from cartwheel.node_sdk import Json

Words = dict[str, Json]
_TEXTS = ("title", "description", "x-message")
_NESTED = ("items", "additionalProperties", "propertyNames")


def node_type_words(node_type: NodeType) -> Words:
    """Every English text of a node type, in the shape that its translations have."""
    own = _own_rules(node_type.refusals, node_type.own_app)
    words: Words = {
        "label": node_type.label,
        "description": node_type.description,
        "search_words": list(node_type.search_words),
        "ports": {port.id: port.label for port in node_type.ports},
        "config_schema": schema_words(node_type.config_schema),
        "output_schema": schema_words(node_type.output_schema),
        "samples": {sample.name: sample.title for sample in node_type.samples},
        "errors": own,
    }
    return _without_empty(words)


def app_words(app: App) -> Words:
    """Every English text of an app, in the shape that its translations have."""
    words: Words = {
        "label": app.label,
        "description": app.description,
        "fields": schema_words(app.fields),
        "errors": _rule_words(app.refusals),
    }
    return _without_empty(words)


def schema_words(schema: Json) -> Words:
    """The texts of a schema, nested as the schema is."""
    if not isinstance(schema, Mapping):
        return {}
    words: Words = {key: schema[key] for key in _TEXTS if isinstance(schema.get(key), str)}
    words["x-labels"] = dict(schema.get("x-labels", {}))
    members: Schema = schema.get("properties", {})
    words["properties"] = {name: schema_words(field) for name, field in members.items()}
    cases: Mapping[str, Schema] = schema.get("x-summary", {})
    words["x-summary"] = {name: {"words": case["words"]} for name, case in cases.items()}
    words |= {key: schema_words(schema.get(key)) for key in _NESTED}
    return _without_empty(words)


def translation_faults(
    folder: Path, english: Words, translations: Mapping[str, Json]
) -> Iterator[Fault]:
    """Texts that a language lacks, and texts of it that belong to nothing."""
    for language, words in translations.items():
        file = folder / "translations" / f"{language}.json"
        for place, message in _differences(english, words, ()):
            yield Fault(file, place, message)


def _differences(english: Json, words: Json, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(english, Mapping) and isinstance(words, Mapping):
        for key in english.keys() | words.keys():
            here = (*path, key)
            if key not in words and isinstance(english[key], Mapping):
                yield from _differences(english[key], {}, here)
            elif key not in words:
                yield pointer(here), f"The translation of “{_sketch(english[key])}” is missing."
            elif key not in english:
                yield pointer(here), "There is nothing in English to translate here."
            else:
                yield from _differences(english[key], words[key], here)
    elif type(english) is not type(words) or not words:
        yield pointer(path), f"This should translate “{_sketch(english)}”."


def _sketch(value: Json) -> str:
    return str(value)[:60]


def _own_rules(table: RefusalTable, app: App | None) -> Words:
    """The rows of a node type's own, without those that its app brings and translates."""
    brought = {rule.key for rule in app.refusals.rules} if app else set()
    return {key: words for key, words in _rule_words(table).items() if key not in brought}


def _rule_words(table: RefusalTable) -> Words:
    return {
        rule.key: _without_empty({"message": rule.message, "fix": rule.fix}) for rule in table.rules
    }


def _without_empty(words: Words) -> Words:
    return {key: value for key, value in words.items() if value}
