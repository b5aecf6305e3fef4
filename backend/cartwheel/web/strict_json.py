"""JSON as we accept it on our own API: only what every part behind it can hold and agree on.

orjson already refuses NaN, infinities, lone surrogates, broken UTF-8 and a byte order mark. What it
lets through and we do not: NUL (PostgreSQL cannot store it), keys given twice (two readers would
see two documents) and nesting that makes recursive code fall over.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from orjson import OPT_INDENT_2, JSONDecodeError, dumps, loads

from cartwheel.errors import Problem

MAX_DEPTH = 64
_UNCOUNTABLE = (b"\\u", b" :", b"\t:", b"\n:", b"\r:")
_LAST_LEVEL = b"\n" + b"  " * MAX_DEPTH
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class BadJson(Problem):
    """The body is not JSON that we accept."""

    status, code = 400, "bad_json"


def read_json(body: bytes, *, keys_once: bool = True) -> Any:
    """The value in `body`. Raises `BadJson` with a sentence that says what is wrong and where.

    A stranger's key that stands twice is taken as most readers take it, without `keys_once`.
    """
    try:
        value = loads(body)
    except JSONDecodeError as error:
        raise BadJson(_sentence(body, error)) from None
    if b"\\u0000" in body and _NUL.search(body):
        raise BadJson("The character NUL (\\u0000) cannot be stored. Leave it out.")
    anew = _written_anew(value)
    if keys_once:
        _refuse_repeated_keys(body, anew)
    return value


def _sentence(body: bytes, error: JSONDecodeError) -> str:
    if not body:
        return "The body is empty; JSON is expected."
    if b"depth limit" in str(error).encode():
        return _too_deep().detail
    if b"UTF-8" in str(error).encode():
        return "The body is not a text in UTF-8. Send JSON, and not compressed."
    return f"The body is not valid JSON: {error}."


def _written_anew(value: Any) -> bytes:
    """The value as indented JSON, which shows its depth. Raises `BadJson` where it is too deep.

    Only what stands as far in as the last allowed level is walked to see whether it goes deeper.
    """
    try:
        anew = dumps(value, option=OPT_INDENT_2)
    except TypeError:
        raise _too_deep() from None
    if _LAST_LEVEL in anew and _is_deeper(value):
        raise _too_deep()
    return anew


def _too_deep() -> BadJson:
    return BadJson(f"The JSON is nested more than {MAX_DEPTH} levels deep. Make it flatter.")


def _is_deeper(value: Any) -> bool:
    level = _containers([value])
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        level = [child for outer in level for child in _containers(_inside(outer))]
    return bool(level)


def _containers(values: Iterable[Any]) -> list[dict[str, Any] | list[Any]]:
    return [value for value in values if isinstance(value, dict | list)]


def _inside(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _refuse_repeated_keys(body: bytes, anew: bytes) -> None:
    """A key given twice is lost in the value, so the body has more key ends than the value anew.

    Counting `":` finds every key end unless there is space before a colon, and texts are written
    anew as they were unless characters are escaped as numbers; then the slow reader decides.
    """
    if any(mark in body for mark in _UNCOUNTABLE) or _key_ends(body) > _key_ends(anew):
        json.loads(body, object_pairs_hook=_once)


def _key_ends(text: bytes) -> int:
    return text.count(b'":')


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadJson(f"The key {twice[:80]!r} stands twice in one object. Keep one of them.")
    return found
