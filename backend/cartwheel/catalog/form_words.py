"""What the forms of node types call their fields and ask for, in other languages, by the English.

Sentences about settings name a field as its form does (“How long” must be a whole number), so
that a reader of another language meets the words of the form that they see.
"""

from collections.abc import Iterator, Mapping

from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import Json

_TEXTS = ("title", "x-message")
_NESTED = ("items", "additionalProperties", "propertyNames")


def form_words(language: str) -> Mapping[str, str]:
    """Names of steps, of their ways out and of their fields, as a table of `cartwheel.languages`.

    Where two forms translate the same English differently, the first one's words are taken.
    """
    found: dict[str, str] = {}
    for node_type in load_registry().types:
        words = node_type.translations.get(language, {})
        ports = {port.label: words.get("ports", {}).get(port.id) for port in node_type.ports}
        pairs = {node_type.label: words.get("label"), **ports}
        for english, other in (
            *pairs.items(),
            *_pairs(node_type.config_schema, words.get("config_schema")),
        ):
            if isinstance(other, str):
                found.setdefault(english, other)
    return found


def _pairs(schema: Json, words: Json) -> Iterator[tuple[str, Json]]:
    """English and the other language, for every text that a sentence may take from a schema."""
    if not (isinstance(schema, Mapping) and isinstance(words, Mapping)):
        return
    yield from ((schema[key], words.get(key)) for key in _TEXTS if isinstance(schema.get(key), str))
    for name, field in schema.get("properties", {}).items():
        yield from _pairs(field, words.get("properties", {}).get(name))
    for key in _NESTED:
        yield from _pairs(schema.get(key), words.get(key))
