"""One at a time: who holds a place of a workflow's key, and who is next.

A place is a unique row in `entry_slot`. To look at one is to lock it, so that whoever comes in and
whoever leaves see each other; a run that waits for its turn is a row in `run_entry` whose
`waits_since` is set, and stands still without a lease until a place is passed on to it.

Runs are locked before their places, everywhere; who comes in (`entering.py`) locks no run that
somebody else has locked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cartwheel.clock import now_ms
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import RunStatus
from cartwheel.statements import Row, Sql, Transaction

_ENDED = {RunStatus.SUCCEEDED.value, RunStatus.FAILED.value, RunStatus.CANCELLED.value}


def places_of(workspace_id: int, run_id: str) -> Sql:
    """workflow_id, key, slot of what a run holds, locked until this transaction ends."""
    return Sql(
        "UPDATE entry_slot SET run_id = run_id WHERE workspace_id = $1 AND run_id = $2 "
        "RETURNING workflow_id, key, slot",
        (workspace_id, run_id),
    )


def leave(workspace_id: int, run_ids: Iterable[str]) -> Transaction[None]:
    """Runs that are over wait for no turn any more, and their places go to the next in line."""
    for run_id in sorted(run_ids):
        yield Sql(
            "UPDATE run_entry SET waits_since = NULL WHERE workspace_id = $1 AND run_id = $2 "
            "AND waits_since IS NOT NULL",
            (workspace_id, run_id),
        )
        for place in (yield places_of(workspace_id, run_id)):
            yield from _pass_on(workspace_id, place)


def _pass_on(workspace_id: int, place: Row) -> Transaction[None]:
    """Give a place to whoever has waited longest, or take it away. One that was paused while it
    waited holds its place until somebody resumes it."""
    workflow_id, key, slot = tuple(place)
    while waiting := (yield _longest_waiting(workspace_id, workflow_id, key)):
        run_id = waiting[0][0]
        alive = yield Sql(
            "UPDATE run SET wake_at = CASE WHEN status = 'queued' THEN CAST($3 AS BIGINT) END "
            "WHERE workspace_id = $1 AND id = $2 AND status IN ('queued', 'paused') RETURNING id",
            (workspace_id, run_id, now_ms()),
        )
        yield Sql(
            "UPDATE run_entry SET waits_since = NULL WHERE workspace_id = $1 AND run_id = $2",
            (workspace_id, run_id),
        )
        if alive:
            yield Sql(
                "UPDATE entry_slot SET run_id = $5 "
                "WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3 AND slot = $4",
                (workspace_id, workflow_id, key, slot, run_id),
            )
            return
    yield Sql(
        "DELETE FROM entry_slot "
        "WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3 AND slot = $4",
        (workspace_id, workflow_id, key, slot),
    )


def _longest_waiting(workspace_id: int, workflow_id: str, key: str) -> Sql:
    return Sql(
        "SELECT run_id FROM run_entry WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3 "
        "AND waits_since IS NOT NULL ORDER BY arrival LIMIT 1",
        (workspace_id, workflow_id, key),
    )


# --- with the run's own commit ---


def giving_way(writes: Iterable[RunWrite]) -> Transaction[frozenset[str]]:
    """Those of the runs for which a newer one waits: what they did is written down, and they begin
    nothing more."""
    found: set[str] = set()
    for write in writes:
        if write.takes_turns and (yield from _is_replaced(write)):
            found.add(write.run_id)
    return frozenset(found)


def _is_replaced(write: RunWrite) -> Transaction[bool]:
    for workflow_id, key, _ in (yield places_of(write.workspace_id, write.run_id)):
        newer = yield Sql(
            "SELECT 1 FROM run_entry WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3 "
            "AND waits_since IS NOT NULL AND mode = 'newest' LIMIT 1",
            (write.workspace_id, workflow_id, key),
        )
        if newer:
            return True
    return False


def without_intents(writes: Sequence[RunWrite], leaving: frozenset[str]) -> list[RunWrite]:
    """Who gives way begins no act: only what is known of acts that have left is kept."""
    return [
        replace(w, effects=tuple(e for e in w.effects if e.is_result)) if w.run_id in leaving else w
        for w in writes
    ]


def has_ended(write: RunWrite) -> bool:
    """Whether the run ended by itself with this commit."""
    return write.run.release and write.run.status in _ENDED


def newest_behind(workspace_id: int, run_id: str) -> Sql:
    """The run that waits for this one's place and came last."""
    return Sql(
        "SELECT e.run_id FROM entry_slot s JOIN run_entry e ON e.workspace_id = s.workspace_id "
        "AND e.workflow_id = s.workflow_id AND e.key = s.key AND e.waits_since IS NOT NULL "
        "WHERE s.workspace_id = $1 AND s.run_id = $2 ORDER BY e.arrival DESC LIMIT 1",
        (workspace_id, run_id),
    )
