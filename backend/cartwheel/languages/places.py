"""How a language writes what stands in the places of a sentence: numbers, and names of fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_NUMBER = re.compile(r"(?<![^ ])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?=$|, | and )")

_MOST_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class _Writing:
    """What stands between thousands, from how many digits on, and before decimals."""

    group: str
    point: str
    grouped_from: int


_WRITINGS: Final = {"pl": _Writing("\u00a0", ",", 5)}


def numbers_in(text: str, language: str) -> str:
    """A number written in English, or a list of such, as the language writes it: “976,48”.

    Only what English had grouped is grouped: other digits may be a postcode.
    """
    writing = _WRITINGS.get(language)
    return _NUMBER.sub(lambda found: _written(found[0], writing), text) if writing else text


def _written(number: str, writing: _Writing) -> str:
    whole, point, decimals = number.partition(".")
    digits = sum(map(str.isdigit, whole))
    grouped = whole.replace(",", writing.group if digits >= writing.grouped_from else "")
    return grouped + (writing.point if point else "") + decimals


def field_in(name: str, fields: Mapping[str, str]) -> str | None:
    """What a field is called; None where nothing is known of it.

    A step's own name, or that of what a merchant made, stays as it was written, and what belongs to
    it follows: “My list count” is “My list: liczba”.
    """
    if name in fields:
        return fields[name]
    words = name.split(" ")
    if len(words) > _MOST_WORDS:
        return None
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    for owner, owned in cuts:
        if owned in fields:
            return f"{fields.get(owner, owner)}: {fields[owned]}"
    for owner, owned in reversed(cuts):
        if owner in fields:
            return f"{fields[owner]}: {owned}"
    return None
