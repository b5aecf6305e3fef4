"""Reading and moving schedules. Times are milliseconds since the epoch."""

from dataclasses import dataclass

import orjson

from cartwheel.clock import derived_id
from cartwheel.node_sdk import Json
from cartwheel.statements import Row, Sql, Transaction
from cartwheel.workflows.graph import read_graph

EVENT_TYPE = "schedule.due"
SOURCE = "schedule"


@dataclass(frozen=True, slots=True)
class LiveSchedule:
    """A live version that starts by the calendar, and what is known of it.

    `next_at` and `shop_timezone` are those of its row, None without one.
    """

    workspace_id: int
    workflow_id: str
    version: int
    live_from: int
    timezone: str
    settings: dict[str, Json]
    next_at: int | None = None
    shop_timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due time of a schedule, as an event says it. `data` is JSON text."""

    due_at: int
    label: str
    data: str


_LIVE = """
    SELECT a.workspace_id, a.workflow_id, a.version, a.live_from, w.timezone, v.graph, s.next_at,
        s.shop_timezone
    FROM activation a
    JOIN workspace w ON w.id = a.workspace_id
    JOIN workflow_version v ON v.workspace_id = a.workspace_id
        AND v.workflow_id = a.workflow_id AND v.number = a.version
    LEFT JOIN schedule s ON s.workspace_id = a.workspace_id AND s.workflow_id = a.workflow_id
        AND s.version = a.version AND s.live_from = a.live_from
    WHERE a.event_type = 'schedule.due' AND a.live_until IS NULL AND """


def unplanned() -> Sql:
    """Live schedules without a next time, or with one found in another time zone."""
    return Sql(f"{_LIVE} (s.workflow_id IS NULL OR s.shop_timezone <> w.timezone)")


def due_by(now: int, limit: int, skip: int = 0) -> Sql:
    """Live schedules whose time has come, the longest due first, without the first `skip`."""
    return Sql(
        f"{_LIVE} s.next_at <= $1 ORDER BY s.next_at, s.workspace_id, s.workflow_id "
        "LIMIT $2 OFFSET $3",
        (now, limit, skip),
    )


def read_live(row: Row) -> LiveSchedule:
    """A row of `unplanned` or `due_by`."""
    workspace_id, workflow_id, version, live_from, timezone, graph, next_at, shop_timezone = row
    trigger = read_graph(orjson.loads(graph)).trigger
    return LiveSchedule(
        workspace_id, workflow_id, version, live_from, timezone,
        dict(trigger.config) if trigger else {}, next_at, shop_timezone,
    )  # fmt: skip


def plan(live: LiveSchedule, next_at: int | None) -> Transaction[None]:
    """Write down when a schedule is due next, whatever stood there before."""
    yield Sql(
        "INSERT INTO schedule (workspace_id, workflow_id, version, shop_timezone, live_from, "
        "next_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, workflow_id) "
        "DO UPDATE SET version = excluded.version, shop_timezone = excluded.shop_timezone, "
        "live_from = excluded.live_from, next_at = excluded.next_at",
        (live.workspace_id, live.workflow_id, live.version, live.timezone, live.live_from,
         next_at),
    )  # fmt: skip


def fire(live: LiveSchedule, due: Due | None, next_at: int | None, now: int) -> Transaction[bool]:
    """Move a schedule on from the time it stands at, and let its event happen with it.

    Of two processes that try, one finds the time it saw. The event's id is that of its due time,
    so that a copy of the database from before would tell the same event, not another one.
    """
    moved = yield Sql(
        "UPDATE schedule SET next_at = $5 WHERE workspace_id = $1 AND workflow_id = $2 "
        "AND live_from = $3 AND next_at = $4 RETURNING workflow_id",
        (live.workspace_id, live.workflow_id, live.live_from, live.next_at, next_at),
    )
    if moved and due is not None:
        yield Sql(
            "INSERT INTO event (workspace_id, id, type, source, source_id, external_id, body_hash, "
            "label, data, received_at, only_workflow_id, depth) "
            "VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $5, 0) ON CONFLICT DO NOTHING",
            (live.workspace_id, derived_id(due.due_at, live.workflow_id, str(due.due_at)),
             EVENT_TYPE, SOURCE, live.workflow_id, str(due.due_at), due.label, due.data, now),
        )  # fmt: skip
    return bool(moved)
