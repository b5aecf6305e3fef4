"""Whether an event is the one that a step waits for. Pure.

A wait says `{"type": "order_paid", "where": {"order.id": "1042"}}`, or `any` with several such
`where`s of which one must fit. Each of them comes down to two short texts, so that a million waits
can be asked by an index: the `paths` that are compared, and a `key` made of what must stand there.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cartwheel.expressions.lookup import parse_path, read
from cartwheel.node_sdk import Json
from cartwheel.runs.tokens import Token, TokenState

_PLAIN = re.compile(r"[A-Za-z0-9@.:+-]+")
"""Stands in JSON as it is; nothing in it means anything to LIKE."""

LOOK_BACK_MS = 60_000
"""An event that came so long before the wait still counts."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """What is compared, and with what; both as texts for an index."""

    paths: str
    key: str


def awaits_event(token: Token) -> bool:
    """Whether the token waits for an event."""
    return token.state is TokenState.WAITING and (token.wait or {}).get("kind") == "event"


def correlations(match: Json) -> tuple[Correlation, ...]:
    """The ways in which an event can fit what `Wait.for_event` said."""
    found = (_correlation(where) for where in _alternatives(match))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def needles(match: Json) -> tuple[str, ...]:
    """Texts in small letters of which an event that fits has at least one somewhere in its JSON;
    empty where nothing can be said."""
    found: list[str] = []
    for where in _alternatives(match):
        plain = [
            text for text in map(_comparable, where.values()) if text and _PLAIN.fullmatch(text)
        ]
        if not plain:
            return ()
        found.append(max(plain, key=len).lower())
    return tuple(found)


def key_in(document: Mapping[str, Json], paths: str) -> str | None:
    """The key of an event's document for these paths; None where one of them leads nowhere.

    The document is the event's data and `contact`, the customer it is about.
    """
    values: list[str] = []
    for written in json.loads(paths):
        path = parse_path(written)
        value = None if path is None else _comparable(read(document, path))
        if value is None:
            return None
        values.append(value)
    return _key(values)


def document_of(data: Mapping[str, Json], contact: Json) -> Mapping[str, Json]:
    """What a wait compares: the data of an event, and whom it is about."""
    return {**data, "contact": contact}


def is_awaited(match: Json, event_type: str, document: Mapping[str, Json]) -> bool:
    """Whether an event with this document fits what `Wait.for_event` said."""
    if not isinstance(match, Mapping) or match.get("type") != event_type:
        return False
    return any(key_in(document, each.paths) == each.key for each in correlations(match))


def _alternatives(match: Json) -> Iterator[Mapping[str, Json]]:
    if not isinstance(match, Mapping):
        return
    several = match.get("any")
    given = several if isinstance(several, list) else [match.get("where") or {}]
    yield from (where for where in given if isinstance(where, Mapping))


def _correlation(where: Mapping[str, Json]) -> Correlation | None:
    """None for one that nothing can fit: it compares with nothing."""
    paths = sorted(where)
    values = [_comparable(where[path]) for path in paths]
    known = [value for value in values if value is not None]
    return Correlation(json.dumps(paths), _key(known)) if len(known) == len(values) else None


def _comparable(value: object) -> str | None:
    """Numbers and texts compare as texts, because shops send ids as either."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    return text.lower() if "@" in text else text


def _key(values: list[str]) -> str:
    return hashlib.blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()
