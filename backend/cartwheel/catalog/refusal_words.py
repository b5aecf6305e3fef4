"""What node types say about refusals, in other languages, by their English sentences."""

from collections.abc import Mapping

from cartwheel.catalog.registry import load_registry

_PROVIDERS_WORDS = "{words}"


def refusal_words(language: str) -> Mapping[str, str]:
    """Every refusal's sentences as a table of `cartwheel.languages`."""
    found: dict[str, str] = {}
    for node_type in load_registry().types:
        translated = node_type.refusals_in(language).rules
        for english, other in zip(node_type.refusals.rules, translated, strict=True):
            found[_form(english.message)] = _form(other.message)
            if english.fix and other.fix:
                found[english.fix] = other.fix
    return found


def _form(message: str) -> str:
    return message.replace(_PROVIDERS_WORDS, "{0}")
