"""Which worker may move a run: leases and fences.

A claim is one statement. It takes a lease of 30 seconds and raises the run's fence by one; whoever
writes later must name the fence it claimed with, so a worker that slept through its lease writes
nothing. An expired lease is claimable: that is the rescue after a crash.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from cartwheel.statements import Row, Sql, Transaction, Updates, marks
from cartwheel.values import dataclass

LEASE_MS = 30_000
HEARTBEAT_SECONDS = 10.0
CRASHES_BEFORE_QUARANTINE = 3

_COLUMNS = (
    "workspace_id, id, workflow_id, version, event_id, status, fence, crashes, next_token, "
    "step_count, created_at, started_at"
)
_STORED_BYTES = (
    "(SELECT octet_length(e.data) FROM event e "
    "WHERE e.workspace_id = run.workspace_id AND e.id = CAST(run.event_id AS TEXT)) + "
    "(SELECT coalesce(sum(octet_length(s.output)), 0) FROM step s "
    "WHERE s.workspace_id = run.workspace_id AND s.run_id = CAST(run.id AS TEXT))"
)
_CLAIMED = f"{_COLUMNS}, {_STORED_BYTES}"


@dataclass(frozen=True, slots=True)
class RoutedEvent:
    """The part of an event row that its runs need. `data` is JSON text."""

    workspace_id: int
    id: str
    type: str
    received_at: int
    label: str | None
    contact: str | None
    data: str
    only_workflow_id: str | None
    depth: int
    root_id: str | None
    source: str


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run that this worker may move until its lease ends, writing with `fence`.

    `event` is at hand when the run was just made; otherwise it is read from the book.
    `stored_bytes` is what stands there of the run's event and of what its steps gave.
    """

    workspace_id: int
    id: str
    workflow_id: str
    version: int
    event_id: str
    status: str
    fence: int
    crashes: int
    next_token: int
    step_count: int
    created_at: int
    started_at: int | None
    stored_bytes: int
    event: RoutedEvent | None = None

    @property
    def key(self) -> tuple[int, str, int]:
        """Names this claim: (workspace, run, fence)."""
        return (self.workspace_id, self.id, self.fence)

    @property
    def is_quarantined(self) -> bool:
        """Set aside instead of claimed."""
        return self.crashes >= CRASHES_BEFORE_QUARANTINE

    @property
    def is_fresh(self) -> bool:
        """Nothing was ever recorded of it."""
        return self.next_token == 1 and self.step_count == 0

    def without_event(self) -> "ClaimedRun":
        """The same claim; the event is read from the book."""
        return replace(self, event=None)


def claim_due(worker: str, now: int, limit: int) -> Transaction[list[ClaimedRun]]:
    """Claim runs whose time has come and that nobody holds, the longest due first."""
    rows = yield Sql(
        "UPDATE run SET lease_by = $1, lease_until = $2, fence = fence + 1 "  # noqa: S608
        "FROM (SELECT workspace_id AS due_workspace, id AS due_id FROM run "
        "WHERE wake_at <= $3 AND lease_until IS NULL ORDER BY wake_at LIMIT $4 "
        "FOR UPDATE SKIP LOCKED) AS due "
        f"WHERE workspace_id = due_workspace AND id = due_id RETURNING {_CLAIMED}",
        (worker, now + LEASE_MS, now, limit),
    )
    return [_claimed(row) for row in rows]


def claim_resting(
    worker: str, now: int, workspace_id: int, run_ids: Sequence[str]
) -> Transaction[list[ClaimedRun]]:
    """Claim those of a workspace's runs that wait and that nobody holds, due or not."""
    rows = yield Sql(
        "UPDATE run SET lease_by = $1, lease_until = $2, wake_at = $3, fence = fence + 1 "  # noqa: S608
        "WHERE workspace_id = $4 AND id IN (SELECT id FROM run WHERE workspace_id = $4 "
        f"AND id IN ({marks(5, run_ids)}) AND status = 'waiting' AND lease_until IS NULL "
        f"FOR UPDATE SKIP LOCKED) RETURNING {_CLAIMED}",
        (worker, now + LEASE_MS, now, workspace_id, *run_ids),
    )
    return [_claimed(row) for row in rows]


@dataclass(frozen=True, slots=True)
class AbandonedRun:
    """A run whose lease has ended, as it was seen. `lease_until` is 0 where it was let go of."""

    workspace_id: int
    id: str
    fence: int
    lease_until: int
    crashes: int

    @property
    def was_let_go(self) -> bool:
        """Its worker was seen dead, or gave it up."""
        return self.lease_until == 0

    @property
    def is_suspect(self) -> bool:
        """It was in hand at two deaths already; a third one convicts it."""
        return self.crashes == CRASHES_BEFORE_QUARANTINE - 2


def abandoned_runs(now: int, limit: int) -> Sql:
    """The columns of `AbandonedRun`: leases that have ended. Those that were in hand at the fewest
    crashes come first, so that the one which stops its workers holds up nobody else."""
    return Sql(
        "SELECT workspace_id, id, fence, lease_until, crashes FROM run WHERE lease_until < $1 "
        "ORDER BY crashes, lease_until LIMIT $2",
        (now, limit),
    )


def claim_abandoned(worker: str, now: int, seen: AbandonedRun) -> Transaction[ClaimedRun | None]:
    """Claim a run that is still as it was seen, and count a crash against it; None otherwise.

    After three crashes without progress it is set aside.
    """
    rows = yield Sql(
        "UPDATE run SET lease_by = $1, lease_until = $2, fence = fence + 1, "  # noqa: S608
        "crashes = crashes + 1 WHERE workspace_id = $3 AND id = $4 AND fence = $5 "
        f"AND lease_until = $6 RETURNING {_CLAIMED}",
        (worker, now + LEASE_MS, seen.workspace_id, seen.id, seen.fence, seen.lease_until),
    )
    if not rows:
        return None
    run = _claimed(rows[0])
    if run.is_quarantined:
        yield _quarantine(run, now)
    return run


def _quarantine(run: ClaimedRun, now: int) -> Sql:
    return Sql(
        "UPDATE run SET status = 'quarantined', wake_at = NULL, lease_by = NULL, "
        "lease_until = NULL, error = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2",
        (run.workspace_id, run.id, _QUARANTINE_ERROR, now),
    )


_QUARANTINE_ERROR = (
    '{"code":"quarantined","message":"This run stopped the worker three times in a row, so it was '
    'set aside. Nothing else is affected.","fix":"Look at its last step, then resume it."}'
)


def extend_leases(runs: list[tuple[int, str, int]], now: int) -> Transaction[list[str]]:
    """Heartbeat for (workspace, run, fence) triples; returns the ids still held.

    A run that came to rest since it was counted has given its lease back, and stays without one.
    """
    rows = yield Updates(
        "run",
        ("workspace_id", "id", "fence"),
        ("lease_until",),
        ("int", "text", "int", "bigint"),
        [(*run, now + LEASE_MS) for run in runs],
        returning="id",
        only="run.lease_until IS NOT NULL",
    )
    return [row[0] for row in rows]


def release_leases(worker: str) -> Transaction[int]:
    """Let go of everything a dead worker held; its runs are claimable at once."""
    rows = yield Sql(
        "UPDATE run SET lease_until = 0 WHERE lease_until IS NOT NULL AND lease_by = $1 "
        "RETURNING id",
        (worker,),
    )
    return len(rows)


def hand_back(runs: list[tuple[int, str, int]]) -> Transaction[None]:
    """A worker that stops in good order returns what it had not begun or can begin again."""
    yield Updates(
        "run",
        ("workspace_id", "id", "fence"),
        ("lease_by", "lease_until"),
        ("int", "text", "int", "text", "bigint"),
        [(*run, None, None) for run in runs],
        returning="id",
    )


def held_by(worker: str, until: int) -> Sql:
    """workspace, id, fence of what a worker holds on leases that end by then."""
    return Sql(
        "SELECT workspace_id, id, fence FROM run WHERE lease_by = $1 AND lease_until <= $2",
        (worker, until),
    )


def work_at_hand(but: Collection[str] = ()) -> Sql:
    """One row: when the oldest unrouted event was received (`but` none of these), and when the
    next run is due."""
    return Sql(
        "SELECT (SELECT min(received_at) FROM event WHERE routed_at IS NULL "  # noqa: S608
        f"{leaving_out(1, but)}), "
        "(SELECT min(wake_at) FROM run WHERE wake_at IS NOT NULL AND lease_until IS NULL)",
        tuple(but),
    )


def leaving_out(first: int, ids: Collection[str]) -> str:
    """A condition that leaves out these few ids, given as arguments from `$first` on."""
    return f"AND id NOT IN ({marks(first, ids)}) " if ids else ""


def _claimed(row: Row) -> ClaimedRun:
    values: tuple[Any, ...] = tuple(row)
    return ClaimedRun(*values)
