"""JSON as we accept it on our own API: only what every part behind it can hold and agree on.

orjson already refuses NaN, infinities, lone surrogates, broken UTF-8 and a byte order mark. What it
lets through and we do not: NUL (PostgreSQL cannot store it), keys given twice (two readers would
see two documents) and nesting that makes recursive code fall over.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import orjson

from cartwheel.errors import Problem

MAX_DEPTH = 64
_KEY_END = re.compile(rb'"\s*:')
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class BadJson(Problem):
    """The body is not JSON that we accept."""

    status, code = 400, "bad_json"


def read_json(body: bytes, *, keys_once: bool = True) -> Any:
    """The value in `body`. Raises `BadJson` with a sentence that says what is wrong and where.

    A stranger's key that stands twice is taken as most readers take it, without `keys_once`.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadJson(_sentence(body, error)) from None
    if b"\\u0000" in body and _NUL.search(body):
        raise BadJson("The character NUL (\\u0000) cannot be stored. Leave it out.")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        raise BadJson(f"The JSON is nested more than {MAX_DEPTH} levels deep. Make it flatter.")
    if keys_once:
        _refuse_repeated_keys(body, value)
    return value


def _sentence(body: bytes, error: orjson.JSONDecodeError) -> str:
    if not body:
        return "The body is empty; JSON is expected."
    if b"depth limit" in str(error).encode():
        return f"The JSON is nested more than {MAX_DEPTH} levels deep. Make it flatter."
    return f"The body is not valid JSON: {error}."


def _is_deeper(value: Any, limit: int) -> bool:
    level = _containers([value])
    for _ in range(limit):
        if not level:
            return False
        level = [child for outer in level for child in _containers(_inside(outer))]
    return bool(level)


def _containers(values: Iterable[Any]) -> list[dict[str, Any] | list[Any]]:
    return [value for value in values if isinstance(value, dict | list)]


def _inside(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _refuse_repeated_keys(body: bytes, value: Any) -> None:
    """A key given twice is lost in `value`: the body has more key ends than `value` written anew.

    That is exact unless characters are escaped as numbers; then the slow reader decides.
    """
    if b"\\u" not in body and _key_ends(body) == _key_ends(orjson.dumps(value)):
        return
    json.loads(body, object_pairs_hook=_once)


def _key_ends(text: bytes) -> int:
    return len(_KEY_END.findall(text))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadJson(f"The key {twice[:80]!r} stands twice in one object. Keep one of them.")
    return found
