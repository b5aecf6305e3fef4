"""How large a graph and its parts may be, and which values can be kept at all."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import TypeGuard

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


def is_small(config: Mapping[str, Json]) -> bool:
    """Whether settings can be kept: not too long, not too deep, nothing a database refuses.

    Walks without recursion, so that a bomb of nested lists is refused and not fallen into.
    """
    characters, level, depth = 0, [config], 0
    while level and depth <= MAX_CONFIG_DEPTH and characters <= MAX_CONFIG_CHARACTERS:
        below: list[Json] = []
        for value in level:
            counted = _weight(value)
            if counted is None:
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
    if isinstance(value, int) and value.bit_length() > 63:
        return None
    return 2


def _keys_fit(value: Mapping[str, Json]) -> bool:
    return not any(_UNSTORABLE.search(key) for key in value)


def _children(value: Json) -> Sequence[Json]:
    if isinstance(value, Mapping):
        return tuple(value.values())
    return value if isinstance(value, list) else ()
