"""How large a graph and its parts may be, and which values can be kept at all."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from cartwheel.catalog.pointers import pointer
from cartwheel.node_sdk import Json

MAX_NODES = 1_000
MAX_EDGES = 5_000
MAX_ID_LENGTH = 100
MAX_EDGE_ID_LENGTH = 500
"""An edge sent without an id is named after its four ends."""
MAX_LABEL_LENGTH = 200
MAX_DESCRIPTION_LENGTH = 2_000
MAX_CONFIG_CHARACTERS = 262_144
"""A whole newsletter fits; a file pasted into a field by accident does not."""
MAX_CONFIG_DEPTH = 32
_LARGEST = 1e18

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_text(value: Json, longest: int) -> bool:
    """Text that both databases can keep, of at most `longest` characters."""
    return isinstance(value, str) and len(value) <= longest and not _UNSTORABLE.search(value)


def is_id(value: Json, longest: int = MAX_ID_LENGTH) -> TypeGuard[str]:
    """An id: text that is not empty."""
    return bool(value) and is_text(value, longest)


def is_number(value: Json) -> bool:
    """A number that can be drawn: neither infinite nor astronomic."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9 if isinstance(value, int) else math.isfinite(value)


def is_small(config: Mapping[str, Json], *, wide_numbers: bool = False) -> bool:
    """Whether settings can be kept: not too long, not too deep, nothing a database refuses, and
    without `wide_numbers` no whole number beyond 64 bits.

    Walks without recursion, so that a bomb of nested lists is refused and not fallen into.
    """
    characters, level, depth = 0, [config], 0
    while level and depth <= MAX_CONFIG_DEPTH and characters <= MAX_CONFIG_CHARACTERS:
        below: list[Json] = []
        for value in level:
            counted = _weight(value)
            if counted is None or (_is_wide(value) and not wide_numbers):
                return False
            characters += counted
            below.extend(_children(value))
        level, depth = below, depth + 1
    return not level and characters <= MAX_CONFIG_CHARACTERS


def _weight(value: Json) -> int | None:
    """Roughly the characters that the value itself takes; None when it cannot be stored."""
    if isinstance(value, Mapping):
        return sum(2 + (_weight(key) or 0) for key in value) if _keys_fit(value) else None
    if isinstance(value, str):
        return None if _UNSTORABLE.search(value) else len(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return 2


def wide_numbers(config: Json, place: str = "") -> Iterator[str]:
    """JSON pointers to the whole numbers beyond 64 bits in settings that are small otherwise."""
    if _is_wide(config):
        yield place
    elif isinstance(config, Mapping):
        for key, value in config.items():
            yield from wide_numbers(value, place + pointer([key]))
    elif isinstance(config, list):
        for number, value in enumerate(config):
            yield from wide_numbers(value, f"{place}/{number}")


def narrowed(config: Mapping[str, Json]) -> Mapping[str, Json]:
    """The same with each such number as a float, so that its field says what is wrong with it."""
    return {key: _narrowed(value) for key, value in config.items()}


def _narrowed(value: Json) -> Json:
    if isinstance(value, Mapping):
        return narrowed(value)
    if isinstance(value, list):
        return [_narrowed(each) for each in value]
    return _LARGEST if _is_wide(value) else value


def _is_wide(value: Json) -> bool:
    return isinstance(value, int) and value.bit_length() > 63


def _keys_fit(value: Mapping[str, Json]) -> bool:
    return not any(_UNSTORABLE.search(key) for key in value)


def _children(value: Json) -> Sequence[Json]:
    if isinstance(value, Mapping):
        return tuple(value.values())
    return value if isinstance(value, list) else ()
