"""Coming in under a workflow's rule of entry, in the transaction that routes the event.

Who finds a place goes on at once, held by the worker that routed it. Everybody else stands still
and waits for a turn. Where the newest wins, what is at rest gives way here and now; what a worker
has in hand gives way with its next commit, so that an act on its way is written down first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cartwheel.clock import from_ms
from cartwheel.errors import Conflict
from cartwheel.node_sdk import Json
from cartwheel.runs.cancelling import replace_run
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.gates import Gate, VersionKey, around_event
from cartwheel.runs.tokens import RunStatus
from cartwheel.statements import Rows, Sql, Transaction
from cartwheel.workflows.entry import EntryMode, EntryRule

_Day = tuple[int, str, str]
"""(workspace, workflow, day)"""
_Line = tuple[int, str, str]
"""(workspace, workflow, key): those who wait for the same places"""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A run that comes in under a rule; `key` is None where it came out empty."""

    run: ClaimedRun
    rule: EntryRule
    key: str | None

    @property
    def kept_key(self) -> str:
        """An event whose key is empty counts as nothing but itself."""
        return self.run.event_id if self.key is None else self.key


@dataclass
class Admission:
    """What became of the runs that an event could have started."""

    runs: list[ClaimedRun] = field(default_factory=list)
    entrants: dict[str, Entrant] = field(default_factory=dict)
    came_in: Counter[_Day] = field(default_factory=Counter)
    kept_out: Counter[_Day] = field(default_factory=Counter)


def admit(
    runs: Iterable[ClaimedRun],
    gates: Mapping[VersionKey, Gate],
    workspaces: Mapping[int, Mapping[str, Json]],
    now: int,
) -> Admission:
    """Ask the gates. What a person starts by hand is asked for no filter: somebody chose it."""
    found = Admission()
    for run in runs:
        gate = gates.get((run.workspace_id, run.workflow_id, run.version))
        if gate is None or run.event is None:
            found.runs.append(run)
            continue
        around = around_event(run.event, workspaces[run.workspace_id], now)
        if gate.conditions is not None and run.event.only_workflow_id is None:
            day = _day(run, run.event, around.timezone)
            found.came_in[day] += 1
            if not gate.judge(around).holds:
                found.kept_out[day] += 1
                continue
        found.runs.append(run)
        if gate.rule is not None:
            found.entrants[run.id] = Entrant(run, gate.rule, gate.key(around))
    return found


def _day(run: ClaimedRun, event: RoutedEvent, timezone: str) -> _Day:
    moment = from_ms(event.received_at).astimezone(ZoneInfo(timezone))
    return (run.workspace_id, run.workflow_id, moment.date().isoformat())


def count(admission: Admission) -> Transaction[None]:
    """Add to the day's counts; always in the same order, so that two workers never cross."""
    rows = [
        (*day, came, admission.kept_out[day], came - admission.kept_out[day])
        for day, came in sorted(admission.came_in.items())
    ]
    if rows:
        names = ("came_in", "kept_out", "started")
        added = ", ".join(f"{name} = entry_count.{name} + excluded.{name}" for name in names)
        yield Rows(
            "entry_count", ("workspace_id", "workflow_id", "day", *names),
            ("int", "text", "text", "int", "int", "int"), rows,
            f"ON CONFLICT (workspace_id, workflow_id, day) DO UPDATE SET {added}",
        )  # fmt: skip


def enter(entrants: Sequence[Entrant], now: int) -> Transaction[set[str]]:
    """Give out places, in order of arrival within each key; returns who has to wait."""
    yield Rows(
        "run_entry",
        ("workspace_id", "run_id", "workflow_id", "key", "mode", "arrival"),
        ("int", "text", "text", "text", "text", "text"),
        [
            (e.run.workspace_id, e.run.id, e.run.workflow_id, e.kept_key, e.rule.mode.value,
             e.run.event_id)
            for e in entrants
        ],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    waiting: set[str] = set()
    for entrant in sorted(entrants, key=lambda each: (each.run.workflow_id, each.kept_key)):
        line = (entrant.run.workspace_id, entrant.run.workflow_id, entrant.kept_key)
        run_id = entrant.run.id
        if entrant.key is not None and not (yield from _finds_place(line, run_id, entrant.rule)):
            yield from _stand_still(line[0], run_id, now)
            waiting.add(run_id)
            if entrant.rule.mode is EntryMode.NEWEST:
                yield from _take_over(*line, run_id)
    return waiting


def _finds_place(line: _Line, run_id: str, rule: EntryRule) -> Transaction[bool]:
    """Takes a free place. A taken one is locked by looking, so that who holds it cannot leave
    unseen before this run stands in line."""
    for slot in range(rule.limit):
        rows = yield Sql(
            "INSERT INTO entry_slot (workspace_id, workflow_id, key, slot, run_id) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, workflow_id, key, slot) "
            "DO UPDATE SET run_id = entry_slot.run_id RETURNING run_id",
            (*line, slot, run_id),
        )
        if rows[0][0] == run_id:
            return True
    return False


def _stand_still(workspace_id: int, run_id: str, now: int) -> Transaction[None]:
    """Without a lease and without a time to wake: a place that is passed on sets it going."""
    yield Sql(
        "UPDATE run SET status = $3, wake_at = NULL, lease_by = NULL, lease_until = NULL, "
        "started_at = NULL WHERE workspace_id = $1 AND id = $2",
        (workspace_id, run_id, RunStatus.QUEUED.value),
    )
    yield Sql(
        "UPDATE run_entry SET waits_since = $3 WHERE workspace_id = $1 AND run_id = $2",
        (workspace_id, run_id, now),
    )


def _take_over(workspace_id: int, workflow_id: str, key: str, newest: str) -> Transaction[None]:
    """The newest wins: older ones that only wait end, and so does who holds the place, if no worker
    has it in hand just now."""
    at_rest = yield Sql(
        "SELECT id FROM run WHERE workspace_id = $1 AND lease_until IS NULL AND id <> $4 "
        "AND (id IN (SELECT run_id FROM run_entry WHERE workspace_id = $1 AND workflow_id = $2 "
        "AND key = $3 AND waits_since IS NOT NULL) OR id IN (SELECT run_id FROM entry_slot "
        "WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3)) "
        "ORDER BY id FOR UPDATE SKIP LOCKED",
        (workspace_id, workflow_id, key, newest),
    )
    for (older,) in at_rest:
        yield from replace_run(workspace_id, older, newest)


# --- coming in again ---


def enter_again(workspace_id: int, run_id: str, rule: EntryRule, now: int) -> Transaction[None]:
    """A run that a person retries comes in by the same rule as at first: it takes a free place, or
    stands in line where its arrival puts it. The caller has locked the run.

    Raises `Conflict` where the newest wins and a newer one is under way.
    """
    entries = yield Sql(
        "SELECT workflow_id, key, arrival FROM run_entry WHERE workspace_id = $1 AND run_id = $2",
        (workspace_id, run_id),
    )
    for workflow_id, key, arrival in entries:
        line = (workspace_id, workflow_id, key)
        if (yield from _finds_place(line, run_id, rule)):
            return
        if rule.mode is EntryMode.NEWEST:
            yield from _refuse_behind_newer(line, arrival)
        yield from _stand_still(workspace_id, run_id, now)
        if rule.mode is EntryMode.NEWEST:
            yield from _take_over(*line, run_id)


def _refuse_behind_newer(line: _Line, arrival: str) -> Transaction[None]:
    newer = yield Sql(
        "SELECT 1 FROM run_entry e WHERE e.workspace_id = $1 AND e.workflow_id = $2 AND e.key = $3 "
        "AND e.arrival > $4 AND (e.waits_since IS NOT NULL OR EXISTS (SELECT 1 FROM entry_slot s "
        "WHERE s.workspace_id = $1 AND s.workflow_id = $2 AND s.key = $3 "
        "AND s.run_id = e.run_id)) LIMIT 1",
        (*line, arrival),
    )
    if newer:
        raise Conflict(
            "A newer run of the same kind is under way, and in this workflow the newest wins. "
            "Retry this one when that has ended, or end that one first.",
            code="newer_run",
        )


# --- looking after the lines ---


def overlooked() -> Sql:
    """workspace, workflow, key, the newest that waits there, where the newest wins and who holds
    the place is at rest: somebody else had it locked when the newest came in."""
    return Sql(
        "SELECT e.workspace_id, e.workflow_id, e.key, max(e.arrival) FROM run_entry e "
        "JOIN entry_slot s ON s.workspace_id = e.workspace_id AND s.workflow_id = e.workflow_id "
        "AND s.key = e.key JOIN run r ON r.workspace_id = s.workspace_id AND r.id = s.run_id "
        "WHERE e.waits_since IS NOT NULL AND e.mode = 'newest' AND r.lease_until IS NULL "
        "GROUP BY e.workspace_id, e.workflow_id, e.key LIMIT 20"
    )


def take_over_late(workspace_id: int, workflow_id: str, key: str) -> Transaction[None]:
    """Let the newest that waits take over after all."""
    yield Sql(
        "UPDATE entry_slot SET run_id = run_id "
        "WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3",
        (workspace_id, workflow_id, key),
    )
    newest = yield Sql(
        "SELECT run_id FROM run_entry WHERE workspace_id = $1 AND workflow_id = $2 AND key = $3 "
        "AND waits_since IS NOT NULL AND mode = 'newest' ORDER BY arrival DESC LIMIT 1",
        (workspace_id, workflow_id, key),
    )
    if newest:
        yield from _take_over(workspace_id, workflow_id, key, newest[0][0])
