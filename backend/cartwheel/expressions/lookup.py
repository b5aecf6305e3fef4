"""Reads a value out of nested JSON by its path: `order.line_items.0.title`.

The one way in which texts and conditions reach data. Only keys of objects and places of lists
are looked up; no attribute of a Python object can be named, whatever the path says.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

Path = tuple[str, ...]
Scope = Mapping[str, object]


class Missing(Enum):
    """Nothing stands at a path; not the same as a null that stands there."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

_SEGMENT = re.compile(
    r"""\.(?P<name>[\w-]+) | \[\s*(?P<place>-?\d+)\s*\] | \[\s*(["'])(?P<quoted>[^"']*)\3\s*\]""",
    re.VERBOSE,
)
_ROOT = re.compile(r"[^\W\d][\w-]*")
_LITERALS = frozenset({"true", "false", "nil", "null", "empty", "blank"})
_LONGEST_PLACE = 9


def parse_path(written: str) -> Path | None:
    """The segments of `a.b.0.c`, `a[0].b` or `a["b c"]`; None where it is not a plain path."""
    root = _ROOT.match(written)
    if root is None or root.group() in _LITERALS:
        return None
    segments, end = [root.group()], root.end()
    while end < len(written):
        match = _SEGMENT.match(written, end)
        if match is None:
            return None
        segments.append(match["name"] or match["place"] or match["quoted"] or "")
        end = match.end()
    return tuple(segments)


def write_path(path: Path) -> str:
    """A path as merchants see it: `order.line_items.0.title`."""
    return ".".join(path)


def read(scope: object, path: Path) -> object:
    """What stands at `path`, or MISSING. Never raises.

    `size` counts a list, an object or the characters of a text; `first` and `last` are the ends
    of a list; a key of that name goes before.
    """
    value = scope
    for segment in path:
        value = step_into(value, segment)
        if value is MISSING:
            return MISSING
    return value


def step_into(value: object, key: object) -> object:
    """What `key` names inside `value`, or MISSING."""
    if type(value) is dict and type(key) is str:  # Nearly always.
        return _member(value, key)
    if isinstance(key, bool) or not isinstance(key, str | int):
        return MISSING
    if isinstance(value, Mapping):
        return _member(value, str(key))
    if isinstance(value, list | tuple | range):
        return _element(value, key)
    if key == "size" and isinstance(value, str):
        return len(value)
    return MISSING


def _member(value: Mapping[str, object], key: str) -> object:
    found = value.get(key, MISSING)
    return len(value) if found is MISSING and key == "size" else found


def _element(value: Sequence[object], key: str | int) -> object:
    if key == "size":
        return len(value)
    place = _place(key)
    if place is None or not -len(value) <= place < len(value):
        return MISSING
    return value[place]


def _place(key: str | int) -> int | None:
    if isinstance(key, int):
        return key
    if key in ("first", "last"):
        return 0 if key == "first" else -1
    digits = key.removeprefix("-")
    readable = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_PLACE
    return int(key) if readable else None
