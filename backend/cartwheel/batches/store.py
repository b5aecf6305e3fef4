"""Reading and moving batches on. A step of a batch is one commit: the events it makes and the place
where it stands go together, so that whoever goes on after a crash starts no record twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from cartwheel.batches.wanted import Wanted, candidates, meets
from cartwheel.clock import derived_id
from cartwheel.statements import Row, Sql, Transaction

STARTED_AT_ONCE = 25
EVERY_MS = 500
MOST_WAITING_EVENTS = 100
"""While more events than these wait to be routed, a batch stands back."""

_PAUSED_OFF = "The workflow was switched off."


@dataclass(frozen=True, slots=True)
class Going:
    """A batch that goes on."""

    workspace_id: int
    id: str
    workflow_id: str
    wanted: Wanted
    cursor: str
    total: int
    started: int
    created_at: int


def is_batch_due(now: int) -> Sql:
    """One row where a batch's turn has come and fresh events leave room for it."""
    return Sql(
        "SELECT 1 FROM batch WHERE status = 'running' AND looked_at <= $1 AND (SELECT count(*) "
        "FROM (SELECT 1 FROM event WHERE routed_at IS NULL LIMIT $2) AS unrouted) < $2 LIMIT 1",
        (now - EVERY_MS, MOST_WAITING_EVENTS),
    )


def move_on(now: int) -> Transaction[bool]:
    """One step of the batch whose turn came first; True when it started something."""
    rows = yield Sql(
        "UPDATE batch SET looked_at = $1 WHERE (workspace_id, id) IN (SELECT workspace_id, id "
        "FROM batch WHERE status = 'running' AND looked_at <= $2 ORDER BY looked_at LIMIT 1 "
        "FOR UPDATE SKIP LOCKED) RETURNING workspace_id, id, workflow_id, wanted, cursor, total, "
        "started, created_at",
        (now, now - EVERY_MS),
    )
    if not rows:
        return False
    batch = _going(rows[0])
    live = yield Sql(
        "SELECT 1 FROM workflow WHERE workspace_id = $1 AND id = $2 AND state = 'active' "
        "AND deleted_at IS NULL",
        (batch.workspace_id, batch.workflow_id),
    )
    if not live:
        yield _stand(batch, "paused", _PAUSED_OFF, None)
        return False
    return (yield from _start_some(batch, now))


def _going(row: Row) -> Going:
    place, batch_id, workflow_id, wanted, *rest = tuple(row)
    return Going(place, batch_id, workflow_id, Wanted(**orjson.loads(wanted)), *rest)


def _start_some(batch: Going, now: int) -> Transaction[bool]:
    looked = yield candidates(batch.workspace_id, batch.wanted, batch.cursor)
    workspace = yield from _workspace(batch.workspace_id)
    room = min(STARTED_AT_ONCE, batch.wanted.most - batch.started)
    chosen, cursor = _choose(batch.wanted, looked, workspace, room, batch.cursor)
    for event_id in chosen:
        yield _happen_again(batch, event_id, now)
    started = batch.started + len(chosen)
    yield Sql(
        "UPDATE batch SET cursor = $3, started = $4 WHERE workspace_id = $1 AND id = $2",
        (batch.workspace_id, batch.id, cursor, started),
    )
    if not looked or started >= batch.wanted.most:
        yield _stand(batch, "done", None, now)
    return bool(chosen)


def _choose(
    wanted: Wanted, looked: Sequence[Row], workspace: Mapping[str, Any], room: int, cursor: str
) -> tuple[list[str], str]:
    """The first that meet the conditions, as many as there is room for, and where that ended."""
    chosen: list[str] = []
    for row in looked:
        if len(chosen) >= room:
            break
        cursor = str(row[0])
        if meets(wanted, row, workspace):
            chosen.append(cursor)
    return chosen, cursor


def _happen_again(batch: Going, event_id: str, now: int) -> Sql:
    """The record's event once more, for this workflow alone. Its id follows from the batch and the
    record, so that a record cannot come twice."""
    again = derived_id(batch.created_at, "batch", batch.id, event_id)
    return Sql(
        "INSERT INTO event (workspace_id, id, type, source, source_id, body_hash, label, contact, "
        "data, raw, received_at, only_workflow_id, replay_of, depth) "
        "SELECT workspace_id, $3, type, source, source_id, '', label, contact, data, raw, "
        "CAST($4 AS BIGINT), $5, id, 0 FROM event WHERE workspace_id = $1 AND id = $2 "
        "ON CONFLICT DO NOTHING",
        (batch.workspace_id, event_id, again, now, batch.workflow_id),
    )


def _stand(batch: Going, status: str, reason: str | None, finished_at: int | None) -> Sql:
    return Sql(
        "UPDATE batch SET status = $3, reason = $4, finished_at = $5 "
        "WHERE workspace_id = $1 AND id = $2",
        (batch.workspace_id, batch.id, status, reason, finished_at),
    )


def _workspace(workspace_id: int) -> Transaction[dict[str, Any]]:
    rows = yield workspace_facts(workspace_id)
    return facts_of(rows)


def workspace_facts(workspace_id: int) -> Sql:
    """What conditions know of a workspace; read the row with `facts_of`."""
    return Sql(
        "SELECT name, currency, timezone, locale FROM workspace WHERE id = $1", (workspace_id,)
    )


def facts_of(rows: Sequence[Row]) -> dict[str, Any]:
    """`name currency timezone locale`."""
    return dict(zip(("name", "currency", "timezone", "locale"), tuple(rows[0]), strict=True))


def change_batch(
    workspace_id: int, batch_id: str, status: str, before: Sequence[str], now: int | None
) -> Transaction[bool]:
    """Set a batch that is in one of the states `before` to another one; False when it is not."""
    marks = ", ".join(f"${place}" for place in range(5, 5 + len(before)))
    rows = yield Sql(
        "UPDATE batch SET status = $3, reason = NULL, finished_at = CAST($4 AS BIGINT) "  # noqa: S608
        f"WHERE workspace_id = $1 AND id = $2 AND status IN ({marks}) RETURNING id",
        (workspace_id, batch_id, status, now, *before),
    )
    return bool(rows)
