"""From an event to the runs it starts, in one transaction.

An event whose `routed_at` is NULL has not been looked at. Routing gives it to the versions that
were live then, asks their gates (`gates.py`, `entering.py`), inserts their runs leased to this
worker, and stamps the event. `run_once` (event, workflow, subject) makes a second routing harmless.
"""

from collections.abc import Collection, Iterable

from cartwheel.clock import derived_id
from cartwheel.runs.awaiting import hear, who_listens
from cartwheel.runs.claims import LEASE_MS, ClaimedRun, RoutedEvent, claim_due, leaving_out
from cartwheel.runs.entering import Admission, admit, count, enter
from cartwheel.runs.gates import VersionKey, gates_of, workspaces_of
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.runs.tokens import RunStatus
from cartwheel.statements import Row, Rows, Sql, Together, Transaction, Updates
from cartwheel.values import dataclass

_RUN_COLUMNS = (
    "workspace_id", "id", "workflow_id", "version", "event_id", "subject", "status", "label",
    "contact", "created_at", "started_at", "wake_at", "lease_by", "lease_until", "fence",
    "crashes", "next_token", "step_count", "finished_at", "stop_label", "error",
)  # fmt: skip
_RUN_TYPES = (
    "int", "text", "text", "int", "text", "text", "text", "text", "text", "bigint", "bigint",
    "bigint", "text", "bigint", "int", "int", "int", "int", "bigint", "text", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """A version and the time in which it takes events."""

    workspace_id: int
    workflow_id: str
    version: int
    event_type: str
    live_from: int
    live_until: int | None
    gated: int

    @property
    def key(self) -> VersionKey:
        return (self.workspace_id, self.workflow_id, self.version)

    def takes(self, event: RoutedEvent) -> bool:
        if event.workspace_id != self.workspace_id:
            return False
        if event.only_workflow_id is not None:
            return event.only_workflow_id == self.workflow_id and self._is_live(event)
        return event.type == self.event_type and self._is_live(event)

    def _is_live(self, event: RoutedEvent) -> bool:
        ended = self.live_until is not None and event.received_at >= self.live_until
        return self.live_from <= event.received_at and not ended


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look at the book brought: events routed, and runs to move."""

    events: int
    runs: list[ClaimedRun]


def take(worker: str, now: int, limit: int, but: Collection[str] = ()) -> Transaction[Taken]:
    """Route new events (`but` not these) and claim due runs, in one commit. Fresh events come
    first, so that a crowd of waits that end together does not hold up what happens now."""
    taken = yield from route(worker, now, limit, but)
    due: list[ClaimedRun] = []
    if len(taken.runs) < limit:
        due = yield from claim_due(worker, now, limit - len(taken.runs))
    return Taken(taken.events, taken.runs + due)


def route(worker: str, now: int, limit: int, but: Collection[str] = ()) -> Transaction[Taken]:
    """Turn up to `limit` unrouted events into runs and claim these for `worker`."""
    events = yield from unrouted(limit, but, "FOR UPDATE SKIP LOCKED")
    if not events:
        return Taken(0, [])
    versions = yield from live_versions(events)
    events, runs = _runs_of(events, versions, now, limit)
    admission = yield from _admitted(runs, versions, now)
    runs = admission.runs
    made, _, *listening = yield Together(
        [new_rows(run_row(run, worker, now) for run in runs), stamps(events, now),
         *who_listens(events)]
    )  # fmt: skip
    moving = {row[0] for row in made}
    yield from hear(events, listening)
    if admission.entrants:
        moving -= yield from enter([e for n, e in admission.entrants.items() if n in moving], now)
    yield from count(admission)
    return Taken(len(events), [run for run in runs if run.id in moving])


def unrouted(
    limit: int, but: Collection[str] = (), locking: str = ""
) -> Transaction[list[RoutedEvent]]:
    """Events that nobody has looked at, the oldest first, except those with these ids."""
    rows = yield Sql(
        "SELECT workspace_id, id, type, received_at, label, contact, data, only_workflow_id, "  # noqa: S608
        f"depth, root_id, source FROM event WHERE routed_at IS NULL {leaving_out(2, but)}"
        f"ORDER BY received_at LIMIT $1 {locking}",
        (limit, *but),
    )
    return [RoutedEvent(*tuple(row)) for row in rows]


def new_rows(rows: Iterable[Row]) -> Rows:
    """Runs of rows as `run_row` gives them; those that are there already are left out. Answers with
    the ids."""
    return Rows(
        "run", _RUN_COLUMNS, _RUN_TYPES, list(rows), "ON CONFLICT DO NOTHING", returning="id"
    )


def stamps(events: Iterable[RoutedEvent], now: int) -> Updates:
    """Answers with the ids of those that nobody had routed."""
    return Updates(
        "event", ("workspace_id", "id"), ("routed_at",), ("int", "text", "bigint"),
        [(event.workspace_id, event.id, now) for event in events], returning="id",
        only="event.routed_at IS NULL",
    )  # fmt: skip


def _admitted(
    runs: list[ClaimedRun], versions: Iterable[LiveVersion], now: int
) -> Transaction[Admission]:
    """What the versions' filters and rules of entry say; most versions have none."""
    gated = [version.key for version in versions if version.gated]
    if not gated:
        return Admission(runs)
    gates = yield from gates_of(gated)
    workspaces = yield from workspaces_of(key[0] for key in gated)
    return admit(runs, gates, workspaces, now)


def _runs_of(
    events: list[RoutedEvent], versions: Iterable[LiveVersion], now: int, limit: int
) -> tuple[list[RoutedEvent], list[ClaimedRun]]:
    """The runs of as many events as a worker can hold, and these events; at least of one."""
    runs: list[ClaimedRun] = []
    for place, event in enumerate(events):
        if len(runs) >= limit:
            return events[:place], runs
        runs += runs_of_event(event, [v for v in versions if v.takes(event)], now)
    return events, runs


def runs_of_event(
    event: RoutedEvent, versions: Iterable[LiveVersion], now: int
) -> list[ClaimedRun]:
    """What an event starts in the versions that take it: nothing where it follows from too many
    others."""
    if event.depth > DEEPEST_LINEAGE:
        return []
    return [_new_run(event, version, now) for version in versions]


def live_versions(events: Iterable[RoutedEvent]) -> Transaction[list[LiveVersion]]:
    """Every version that could take one of the events; one question per kind of event."""
    found: list[LiveVersion] = []
    for column, wanted in (
        ("event_type", {(e.workspace_id, e.type) for e in events if not e.only_workflow_id}),
        ("workflow_id", {(e.workspace_id, e.only_workflow_id) for e in events}),
    ):
        for workspace_id, value in sorted(pair for pair in wanted if pair[1]):
            rows = yield Sql(
                "SELECT workspace_id, workflow_id, version, event_type, live_from, live_until, "  # noqa: S608
                f"gated FROM activation WHERE workspace_id = $1 AND {column} = $2",
                (workspace_id, value),
            )
            found += [LiveVersion(*tuple(row)) for row in rows]
    return list(dict.fromkeys(found))


def _new_run(event: RoutedEvent, version: LiveVersion, now: int) -> ClaimedRun:
    """Named after what starts it: routed again from a backup it acts under the same keys."""
    return ClaimedRun(
        workspace_id=event.workspace_id,
        id=derived_id(event.received_at, event.id, version.workflow_id),
        workflow_id=version.workflow_id,
        version=version.version,
        event_id=event.id,
        status=RunStatus.RUNNING.value,
        fence=1,
        crashes=0,
        next_token=1,
        step_count=0,
        created_at=now,
        started_at=now,
        stored_bytes=len(event.data),
        event=event,
    )


def run_row(run: ClaimedRun, worker: str, now: int) -> Row:
    """A run as it is made: in its worker's hands, and nothing done."""
    return (
        *made_of(run), run.status, *told_of(run), now, worker, now + LEASE_MS, run.fence, 0,
        run.next_token, run.step_count, None, None, None,
    )  # fmt: skip


def made_of(run: ClaimedRun) -> Row:
    """The first columns of a run's row."""
    return (run.workspace_id, run.id, run.workflow_id, run.version, run.event_id, "")


def told_of(run: ClaimedRun) -> Row:
    """The columns after its status."""
    event = run.event
    assert event is not None
    return (event.label, event.contact, run.created_at, run.started_at)
