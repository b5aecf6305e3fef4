"""Which events a batch is about. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import orjson

from cartwheel.clock import first_id_at, from_ms
from cartwheel.expressions.problems import RuleError, TemplateError
from cartwheel.expressions.rules import Rules, compile_rules
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.tokens import RunState, RunStatus, Token
from cartwheel.statements import Row, Sql

Json = Any
LOOKED_AT_ONCE = 200
HIGHEST_ID = "~"
"""Sorts behind every id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Chosen events, or all of a type that meet conditions: the newest `most` of a span of time
    (ms; the end is not in it)."""

    event_ids: Sequence[str] = ()
    event_type: str | None = None
    rules: Mapping[str, Json] | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    most: int = 1_000

    def document(self) -> dict[str, Json]:
        return asdict(self)


def candidates(workspace_id: int, wanted: Wanted, cursor: str) -> Sql:
    """id, type, received_at, contact, data of the next events to look at, the newest first.

    Repetitions of an event are left out: what is meant is the record, once. Identifiers sort by
    time, so that a span of time is a range of the primary key.
    """
    columns = "SELECT id, type, received_at, contact, data FROM event WHERE workspace_id = $1 "
    if wanted.event_ids:
        below = sorted((each for each in wanted.event_ids if each < cursor), reverse=True)
        page = below[:LOOKED_AT_ONCE]
        marks = ", ".join(f"${place}" for place in range(2, len(page) + 2)) or "NULL"
        return Sql(f"{columns}AND id IN ({marks}) ORDER BY id DESC", (workspace_id, *page))
    highest = cursor if wanted.until_ms is None else min(cursor, first_id_at(wanted.until_ms))
    return Sql(
        f"{columns}AND id < $2 AND id >= $3 AND type = $4 AND replay_of IS NULL "
        f"AND duplicate_of IS NULL ORDER BY id DESC LIMIT {LOOKED_AT_ONCE}",
        (workspace_id, highest, first_id_at(wanted.since_ms or 0), wanted.event_type),
    )


def meets(wanted: Wanted, row: Row, workspace: Mapping[str, Json]) -> bool:
    """Whether an event of `candidates` meets the conditions."""
    if not wanted.rules or not wanted.rules.get("rules"):
        return True
    event_id, kind, received_at, contact, text = tuple(row)
    data = orjson.loads(text)
    surrounding = Surrounding(
        event_id=event_id, event_type=kind, received_at=from_ms(received_at), data=data,
        contact=contact_of(data, contact), workspace=workspace,
    )  # fmt: skip
    scope = RunScope(surrounding, None).of(Token(0, ""), RunState(RunStatus.QUEUED))
    try:
        judged = _compiled(orjson.dumps(wanted.rules)).judge(
            scope, locale=workspace["locale"], timezone=workspace["timezone"]
        )
    except (RuleError, TemplateError):
        return False
    return judged.holds


@lru_cache(maxsize=32)
def _compiled(tree: bytes) -> Rules:
    return compile_rules(orjson.loads(tree))
