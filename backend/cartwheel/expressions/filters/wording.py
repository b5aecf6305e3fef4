"""Filters that change words."""

import re
from decimal import Decimal

from cartwheel.expressions.filters.arithmetic import to_number
from cartwheel.expressions.filters.filter import Functions, to_text
from cartwheel.expressions.values import LONGEST_OUTPUT, TooLong, is_blank

_FURTHEST = 1_000_000
_SPACES = re.compile(r"\s+")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# `<` stands in the class so that a text of nothing but `<` is read once, not once per character.
_HTML_TAG = re.compile(r"<[^<>]*>")


def to_count(value: object) -> int:
    """An argument that counts something. Raises `FilterRefusal`."""
    return int(max(Decimal(-_FURTHEST), min(to_number(value), Decimal(_FURTHEST))))


def _default(value: object, fallback: object = "", *, allow_false: object = False) -> object:
    if value is False:
        return value if allow_false is True else fallback
    return fallback if is_blank(value) else value


def _replace(value: object, old: object, new: object = "", *, at_most: int = -1) -> str:
    text, wanted, other = to_text(value), to_text(old), to_text(new)
    count = text.count(wanted) if at_most < 0 else at_most
    if len(text) + count * (len(other) - len(wanted)) > LONGEST_OUTPUT:
        raise TooLong
    return text.replace(wanted, other, at_most)


def _replace_first(value: object, old: object, new: object = "") -> str:
    return _replace(value, old, new, at_most=1)


def _replace_last(value: object, old: object, new: object = "") -> str:
    wanted = to_text(old)
    if not wanted:
        return to_text(value) + to_text(new)
    before, found, after = to_text(value).rpartition(wanted)
    return before + (to_text(new) if found else "") + after


def _slice(value: object, start: object, length: object = 1) -> object:
    sequence = list(value) if isinstance(value, list | tuple | range) else to_text(value)
    first, count = to_count(start), max(to_count(length), 0)
    first = first + len(sequence) if first < 0 else first
    return sequence[first : first + count] if first >= 0 else sequence[:0]


def _split(value: object, separator: object = "") -> list[str]:
    text, mark = to_text(value), to_text(separator)
    if not mark:
        return list(text)
    return [] if text in ("", mark) else text.split(None if mark == " " else mark)


def _truncate(value: object, length: object = 50, ellipsis: object = "...") -> str:
    text, end, longest = to_text(value), to_text(ellipsis), to_count(length)
    return text if len(text) <= longest else text[: max(longest - len(end), 0)] + end


def _truncatewords(value: object, count: object = 15, ellipsis: object = "...") -> str:
    words, most = to_text(value).split(), max(to_count(count), 1)
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + to_text(ellipsis)


def _strip_newlines(value: object) -> str:
    return _LINE_BREAK.sub("", to_text(value))


FUNCTIONS: Functions = {
    "append": lambda value, end: to_text(value) + to_text(end),
    "capitalize": lambda value: to_text(value).capitalize(),
    "default": _default,
    "downcase": lambda value: to_text(value).lower(),
    "lstrip": lambda value: to_text(value).lstrip(),
    "prepend": lambda value, start: to_text(start) + to_text(value),
    "remove": lambda value, old: _replace(value, old),
    "remove_first": lambda value, old: _replace_first(value, old),
    "remove_last": lambda value, old: _replace_last(value, old),
    "replace": lambda value, old, new="": _replace(value, old, new),
    "replace_first": _replace_first,
    "replace_last": _replace_last,
    "rstrip": lambda value: to_text(value).rstrip(),
    "slice": _slice,
    "split": _split,
    "squish": lambda value: _SPACES.sub(" ", to_text(value).strip()),
    "strip": lambda value: to_text(value).strip(),
    "strip_html": lambda value: _HTML_TAG.sub("", to_text(value)),
    "strip_newlines": _strip_newlines,
    "truncate": _truncate,
    "truncatewords": _truncatewords,
    "upcase": lambda value: to_text(value).upper(),
}
