"""Says in a merchant's words what a JSON Schema error means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cartwheel.catalog.formats import FORMATS
from cartwheel.node_sdk import Json

_TYPE_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "a group of named values",
    "null": "empty",
}
_SHOWN_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken keyword of a schema: what it demanded, of which value, and where."""

    keyword: str
    demanded: Json
    value: Json
    schema: Mapping[str, Json]
    path: tuple[str | int, ...]


def sentence(error: Violation, name: str, field: Mapping[str, Json]) -> str:
    """What is wrong with the setting called `name`, whose schema is `field`, as one sentence."""
    given = error.schema.get("x-message") or field.get("x-message")
    if isinstance(given, str) and error.keyword not in {"type", "minLength"}:
        return given
    words = _WORDS.get(error.keyword)
    return f"“{name}” {words(error) if words else 'does not have the right form.'}"


def _type(error: Violation) -> str:
    wanted = error.demanded
    kinds = [wanted] if isinstance(wanted, str) else [kind for kind in wanted if kind != "null"]
    return f"must be {' or '.join(_TYPE_WORDS.get(kind, kind) for kind in kinds)}."


def _enum(error: Violation) -> str:
    former = error.schema.get("x-former", ())
    choices = [str(choice) for choice in error.demanded if choice not in former]
    more = ", …" if len(choices) > _SHOWN_CHOICES else ""
    return f"must be one of: {', '.join(choices[:_SHOWN_CHOICES])}{more}."


def _format(error: Violation) -> str:
    wanted = FORMATS.get(str(error.demanded))
    return f"must be {wanted[1] if wanted else error.demanded}."


def _min_length(error: Violation) -> str:
    if not error.value:
        return "is empty."
    return f"needs at least {error.demanded} characters."


def _max_length(error: Violation) -> str:
    return f"is too long: {len(error.value)} characters, and {error.demanded} fit."


def _min_items(error: Violation) -> str:
    if error.demanded == 1:
        return "needs at least one entry."
    return f"needs at least {error.demanded} entries."


_WORDS: dict[str, Callable[[Violation], str]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda error: f"must be {error.demanded}.",
    "format": _format,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _min_items,
    "maxItems": lambda error: f"takes at most {error.demanded} entries.",
    "uniqueItems": lambda _: "has the same entry twice.",
    "minimum": lambda error: f"must be {error.demanded} or more.",
    "maximum": lambda error: f"must be {error.demanded} or less.",
    "exclusiveMinimum": lambda error: f"must be more than {error.demanded}.",
    "exclusiveMaximum": lambda error: f"must be less than {error.demanded}.",
    "maxProperties": lambda error: f"takes at most {error.demanded} entries.",
    "minProperties": lambda error: f"needs at least {error.demanded} entries.",
}
