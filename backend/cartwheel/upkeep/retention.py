"""What is over, and older than its workspace keeps it, is taken away.

A run goes when it ended long enough ago, with everything that refers to it; one that may still
move stays whole, however old. An event goes once no run of it is left. Whatever is looked at is
read first, a bounded piece at a time, and taken away in short transactions that look once more:
nobody waits for a lock because of it. docs/decisions/0017-operations.md tells why it is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cartwheel.clock import first_id_at
from cartwheel.statements import Row, Sql, Transaction

DAY_MS = 24 * 60 * 60 * 1000
SWEPT_EVERY_MS = 60 * 60 * 1000
LOOKED_AT_ONCE = 400
_OVER = "('succeeded', 'failed', 'cancelled')"
_NEEDED = (
    "EXISTS (SELECT 1 FROM run r WHERE r.workspace_id = event.workspace_id "
    "AND r.event_id = event.id) OR EXISTS (SELECT 1 FROM awaited_event a "
    "WHERE a.workspace_id = event.workspace_id AND a.event_id = event.id)"
)
"""A run began with the event, or heard it while it waited."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One workspace's turn: what ended before these times (ms) goes; None keeps it for ever."""

    workspace_id: int
    runs_before: int | None
    events_before: int | None
    outbox_before: int | None


def is_sweep_due(now: int) -> Sql:
    """One row where a workspace's turn has come."""
    return Sql("SELECT 1 FROM workspace WHERE swept_at <= $1 LIMIT 1", (now - SWEPT_EVERY_MS,))


def begin_sweep(now: int) -> Transaction[Sweep | None]:
    """Take the workspace whose turn came first; nobody else gets it for an hour."""
    rows = yield Sql(
        "UPDATE workspace SET swept_at = $1 WHERE id IN (SELECT id FROM workspace "
        "WHERE swept_at <= $2 ORDER BY swept_at LIMIT 1 FOR UPDATE SKIP LOCKED) "
        "RETURNING id, keep_runs_days, keep_events_days, keep_outbox_days",
        (now, now - SWEPT_EVERY_MS),
    )
    if not rows:
        return None
    workspace_id, *days = rows[0]
    return Sweep(workspace_id, *(now - kept * DAY_MS if kept else None for kept in days))


# --- runs ---


def oldest_runs(workspace_id: int, before: int, after: str) -> Sql:
    """id, whether it is over, of the runs made before `before` and named after `after`.

    One that was called by another is over only with its caller.
    """
    return Sql(
        f"SELECT r.id, CASE WHEN r.status IN {_OVER} AND r.finished_at < $4 "  # noqa: S608
        "AND NOT EXISTS (SELECT 1 FROM run c WHERE c.workspace_id = r.workspace_id "
        f"AND c.id = r.parent_run_id AND c.status NOT IN {_OVER}) THEN 1 ELSE 0 END "
        "FROM run r WHERE r.workspace_id = $1 AND r.id > $2 AND r.id < $3 ORDER BY r.id LIMIT $5",
        (workspace_id, after, first_id_at(before), before, LOOKED_AT_ONCE),
    )


def take_runs_away(workspace_id: int, before: int, ids: Sequence[str]) -> Transaction[int]:
    """Delete these runs and all that refers to them, unless one was revived meanwhile."""
    rows = yield Sql(
        f"SELECT id FROM run WHERE workspace_id = $1 AND id IN ({_marks(ids)}) "  # noqa: S608
        f"AND status IN {_OVER} AND finished_at < ${len(ids) + 2} FOR UPDATE SKIP LOCKED",
        (workspace_id, *ids, before),
    )
    over = [str(row[0]) for row in rows]
    if over:
        for statement in _with_runs():
            yield Sql(statement.format(marks=_marks(over)), (workspace_id, *over))
    return len(over)


@cache
def _with_runs() -> tuple[str, ...]:
    """What goes with a run, ending with the run: every table whose rows must name one. Where a row
    may do without, it only lets go."""
    from cartwheel.schema import metadata

    found: list[str] = []
    for table in metadata().sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name == "run":
                column = next(c for c in key.columns if c.name != "workspace_id")
                where = f"workspace_id = $1 AND {column.name} IN ({{marks}})"
                if column.nullable:
                    found.append(f"UPDATE {table.name} SET {column.name} = NULL WHERE {where}")  # noqa: S608
                else:
                    found.append(f"DELETE FROM {table.name} WHERE {where}")  # noqa: S608
    return (*found, "DELETE FROM run WHERE workspace_id = $1 AND id IN ({marks})")


# --- events ---


def oldest_events(workspace_id: int, before: int, after: str) -> Sql:
    """id, whether nobody needs it, of the events received before `before`."""
    return Sql(
        "SELECT id, CASE WHEN routed_at IS NOT NULL AND received_at < $4 "  # noqa: S608
        f"AND NOT ({_NEEDED}) THEN 1 ELSE 0 END FROM event "
        "WHERE workspace_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $5",
        (workspace_id, after, first_id_at(before), before, LOOKED_AT_ONCE),
    )


def take_events_away(workspace_id: int, before: int, ids: Sequence[str]) -> Transaction[int]:
    """Delete these events, unless a run has come to need one."""
    rows = yield Sql(
        f"DELETE FROM event WHERE workspace_id = $1 AND id IN ({_marks(ids)}) "  # noqa: S608
        f"AND received_at < ${len(ids) + 2} AND routed_at IS NOT NULL AND NOT ({_NEEDED}) "
        "RETURNING id",
        (workspace_id, *ids, before),
    )
    return len(rows)


# --- the outbox ---


def oldest_messages(workspace_id: int, before: int, after: str) -> Sql:
    """id, whether its run is over, and its place, of the sandbox's messages written before."""
    moment, _, last = after.partition("-")
    return Sql(
        "SELECT m.id, CASE WHEN r.finished_at IS NOT NULL OR m.run_id IS NULL THEN 1 ELSE 0 END, "
        "m.created_at || '-' || m.id FROM outbox_message m "
        "LEFT JOIN run r ON r.workspace_id = m.workspace_id AND r.id = m.run_id "
        "WHERE m.workspace_id = $1 AND m.created_at < $2 AND (m.created_at, m.id) > ($3, $4) "
        "ORDER BY m.created_at, m.id LIMIT $5",
        (workspace_id, before, int(moment or -1), last, LOOKED_AT_ONCE),
    )


def take_messages_away(workspace_id: int, before: int, ids: Sequence[str]) -> Transaction[int]:
    """Delete these messages."""
    rows = yield Sql(
        f"DELETE FROM outbox_message WHERE workspace_id = $1 AND id IN ({_marks(ids)}) "  # noqa: S608
        f"AND created_at < ${len(ids) + 2} RETURNING id",
        (workspace_id, *ids, before),
    )
    return len(rows)


def place_after(rows: Sequence[Row]) -> str:
    """Where the next look begins: the last row's place, which is its id unless it says so."""
    return str(rows[-1][-1] if len(rows[-1]) > 2 else rows[-1][0])


def over_of(rows: Sequence[Row]) -> list[str]:
    """The ids of those that may go."""
    return [str(row[0]) for row in rows if row[1]]


def _marks(values: Sequence[str]) -> str:
    """Placeholders from $2 on; $1 is the workspace."""
    return ", ".join(f"${place}" for place in range(2, len(values) + 2))
