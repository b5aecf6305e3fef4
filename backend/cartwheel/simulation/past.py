"""The stored events that a rehearsal plays once more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from cartwheel.clock import first_id_at, from_ms, to_ms
from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.runs.scope import contact_of
from cartwheel.simulation.scenario import HappenedEvent, LaterEvent
from cartwheel.statements import Sql

MOST_LATER = 20
"""Of so many later events of the same customer the steps that wait for them hear."""

_HAPPENED = "workspace_id = $1 AND duplicate_of IS NULL AND replay_of IS NULL"


@dataclass(frozen=True, slots=True)
class Past:
    """Whose events are asked for: those of `kinds`, and the starts by hand of one workflow."""

    database: Database
    workspace_id: int
    workflow_id: str
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event as it happened."""

    id: str
    received_at: datetime
    label: str | None
    sent_by: str | None
    event: HappenedEvent

    @property
    def contact(self) -> Json:
        return contact_of(self.event.data, self.sent_by)


async def past_ids(past: Past, since: datetime | None, before: str | None, most: int) -> list[str]:
    """The ids of the newest `most` events of which something could start, the newest first.

    What came as a double, was replayed or belongs to another workflow alone is left out.
    """
    kinds, args = _among(past.kinds, 6)
    rows = await past.database.fetch(
        Sql(
            f"SELECT id FROM event WHERE {_HAPPENED} AND id >= $2 AND id < $3 "  # noqa: S608
            f"AND (only_workflow_id IS NULL AND type IN ({kinds}) "
            "OR only_workflow_id = $4 AND source = 'manual') ORDER BY id DESC LIMIT $5",
            (past.workspace_id, first_id_at(to_ms(since)) if since else "", before or "~",
             past.workflow_id, most, *args),
        )
    )  # fmt: skip
    return [row[0] for row in rows]


async def past_event(past: Past, event_id: str) -> PastEvent | None:
    """One event, or None where it was taken away meanwhile."""
    rows = await past.database.fetch(
        Sql(
            "SELECT id, received_at, label, contact, type, data, raw FROM event "
            "WHERE workspace_id = $1 AND id = $2",
            (past.workspace_id, event_id),
        )
    )
    if not rows:
        return None
    id_, received_at, label, contact, kind, data, raw = tuple(rows[0])
    happened = HappenedEvent(kind, orjson.loads(data), _read(raw))
    return PastEvent(id_, from_ms(received_at), label, contact, happened)


async def what_followed(past: Past, first: PastEvent, kinds: Collection[str]) -> list[LaterEvent]:
    """What the same customer did afterwards, of these kinds only: waiting steps hear of it."""
    if not kinds or first.sent_by is None:
        return []
    marks, args = _among(sorted(kinds), 5)
    rows = await past.database.fetch(
        Sql(
            f"SELECT received_at, type, data FROM event WHERE {_HAPPENED} AND id > $2 "  # noqa: S608
            f"AND contact = $3 AND only_workflow_id IS NULL AND type IN ({marks}) "
            "ORDER BY id LIMIT $4",
            (past.workspace_id, first.id, first.sent_by, MOST_LATER, *args),
        )
    )
    return [
        LaterEvent(from_ms(row[0]) - first.received_at, HappenedEvent(row[1], orjson.loads(row[2])))
        for row in rows
    ]


def _among(texts: Sequence[str], first: int) -> tuple[str, Sequence[str]]:
    """Placeholders from number `first` on; one that nothing equals where there are none."""
    args = texts or [""]
    return ", ".join(f"${first + place}" for place in range(len(args))), args


def _read(raw: bytes | None) -> Json:
    """What the sender sent; None where that is not JSON."""
    try:
        return None if raw is None else orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
