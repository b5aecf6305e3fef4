"""The worker's side of a run: loads what its journey needs, and writes what it says in groups."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from cartwheel import tally
from cartwheel.clock import from_ms
from cartwheel.connections.choosing import PublicConnection
from cartwheel.connections.open import OpenConnections
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.group_commit import GroupCommit
from cartwheel.jobs import Bell
from cartwheel.remembered import Remembered
from cartwheel.runs import reading
from cartwheel.runs.attending import Attendant
from cartwheel.runs.called import CALLED
from cartwheel.runs.calling import Callings
from cartwheel.runs.carrier import WorkerCarrier
from cartwheel.runs.chronicle import note_written
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.counting import StepCounter
from cartwheel.runs.demo_transport import DEMO, DemoTransport
from cartwheel.runs.journey import Journey, LeaseLost
from cartwheel.runs.keeping import WorkerKeeper
from cartwheel.runs.listening import Listening
from cartwheel.runs.plan import Plan
from cartwheel.runs.plans import LoadedPlan, Plans
from cartwheel.runs.recollection import Recollection, StoredJourney
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.speculation import Speculation
from cartwheel.runs.store import commit_group
from cartwheel.runs.stream import run_news
from cartwheel.runs.tokens import RunState, RunStatus, restore
from cartwheel.runs.transport import WayOut, WorkspaceTransport
from cartwheel.statements import Sql

REMEMBERED_SECONDS = 10.0
BUSY_WAIT_SECONDS = 0.5
PATIENCE_SECONDS = 0.02
"""A run that has come to rest is written down with the next intent, or after this."""
Json = Any
_log = logging.getLogger(__name__)


class RunDriver:
    """Moves claimed runs; one per worker process."""

    def __init__(self, database: Database, plans: Plans, bell: Bell, way_out: WayOut) -> None:
        self._database, self._plans, self._bell, self._way_out = database, plans, bell, way_out
        self._commits = GroupCommit[RunWrite, bool](
            database, commit_group, patience_seconds=PATIENCE_SECONDS
        )
        self._workspaces = Remembered(self._read_workspace, REMEMBERED_SECONDS)
        self._callings = Callings(database, plans)
        self.counter = StepCounter()
        self.zombies = 0
        self._said: Busy | None = None

    @property
    def connections(self) -> OpenConnections:
        return self._way_out.connections

    async def close(self) -> None:
        """Write what is on its way."""
        await self._commits.close()

    async def drive(
        self, run: ClaimedRun, progress: Callable[[], None], ahead: Speculation | None = None
    ) -> None:
        """Move one run as far as it goes, `ahead` of its event or not; `progress` is called after
        each commit of it.

        Raises `Busy` when the book cannot be read; then nothing has begun.
        """
        loaded = await self._plans.get(run.workspace_id, run.workflow_id, run.version)
        past = Recollection(self._database, loaded.plan, run.workspace_id, run.id)
        stored = None if run.is_fresh else await past.of_journey(run.step_count)
        writer = _Writer(run, ahead, self._commit, self._tell, progress)
        journey = await self._journey(run, loaded, stored, writer.write)
        try:
            if stored is None:
                await journey.begin()
            else:
                journey.recall = past.of_body
                await journey.go_on(_state(run, loaded.plan, stored))
        except LeaseLost:
            if ahead is not None and not ahead.is_routed:
                return
            self.zombies += 1
            tally.add("fenced")
            _log.info("run %s went on elsewhere; this worker wrote nothing more of it", run.id)
        finally:
            journey.let_go()

    async def _journey(
        self,
        run: ClaimedRun,
        loaded: LoadedPlan,
        stored: StoredJourney | None,
        write: Callable[[RunWrite], Awaitable[bool]],
    ) -> Journey:
        workspace = await self._workspaces.get(run.workspace_id)
        event = run.event or await self._event(run)
        surrounding = await self._surrounding(run, event, loaded, workspace)
        trigger = loaded.plan.trigger
        scope = RunScope(surrounding, trigger)
        for row in stored.steps if stored else ():
            scope.keep(row[0], row[1], _parsed(row[3]))
        journey = Journey(
            run, loaded.plan, scope, write,
            stored_tokens=frozenset(token.id for token in stored.tokens) if stored else frozenset(),
            locale=workspace["locale"], timezone=workspace["timezone"],
        )  # fmt: skip
        public = await self.connections.public(run.workspace_id)
        journey.carrier = WorkerCarrier(
            self._transport(run, event, public),
            journey.commit_intent,
            stored.effects if stored else {},
            run.workflow_id,
            keeper=WorkerKeeper(
                self._database,
                run.workspace_id,
                journey.commit_record,
                stored.effects if stored else {},
            ),
            send_again_when_unknown=(loaded.plan.graph.settings.get("on_unknown") == "send_again"),
        )
        attendant = Attendant(self._database, self._callings, loaded.plan, run, event)
        journey.takes_turns = loaded.takes_turns
        journey.listening = Listening(run.id, attendant.look, is_called=event.type == CALLED)
        return journey

    def _transport(
        self, run: ClaimedRun, event: RoutedEvent, public: tuple[PublicConnection, ...]
    ) -> WorkspaceTransport:
        """The way out; there is none for what the demo shop made up."""
        kind = DemoTransport if event.source == DEMO else WorkspaceTransport
        return kind(self._way_out, run.workspace_id, public)

    # --- reading ---

    async def _event(self, run: ClaimedRun) -> RoutedEvent:
        rows = await self._database.fetch(reading.stored_event(run.workspace_id, run.event_id))
        return RoutedEvent(*tuple(rows[0]))

    async def _surrounding(
        self,
        run: ClaimedRun,
        event: RoutedEvent,
        loaded: LoadedPlan,
        workspace: Mapping[str, Json],
    ) -> Surrounding:
        data: dict[str, Json] = orjson.loads(event.data)
        return Surrounding(
            event_id=event.id,
            event_type=event.type,
            received_at=from_ms(event.received_at),
            data=data,
            contact=contact_of(data, event.contact),
            workspace=workspace,
            raw=await self._raw(run) if loaded.reads_raw else None,
        )

    async def _raw(self, run: ClaimedRun) -> Json:
        rows = await self._database.fetch(
            Sql(
                "SELECT raw FROM event WHERE workspace_id = $1 AND id = $2",
                (run.workspace_id, run.event_id),
            )
        )
        raw = rows[0][0] if rows else None
        return None if raw is None else orjson.loads(raw)

    async def _read_workspace(self, workspace_id: int) -> dict[str, Json]:
        """A workspace's words for texts."""
        names = ("name", "currency", "timezone", "locale")
        rows = await self._database.fetch(
            Sql(f"SELECT {', '.join(names)} FROM workspace WHERE id = $1", (workspace_id,))  # noqa: S608
        )
        return dict(zip(names, tuple(rows[0]), strict=True))

    # --- writing ---

    async def _commit(self, changes: RunWrite) -> bool:
        """Written sooner or later: a database that is locked or away is waited for."""
        while True:
            try:
                return await self._commits.submit(changes, can_wait=_can_wait(changes))
            except Busy as busy:
                self._say_once(busy)
                await asyncio.sleep(BUSY_WAIT_SECONDS)

    def _say_once(self, busy: Busy) -> None:
        """One refusal is told to everybody whose writes stood in the group."""
        if busy is not self._said:
            self._said = busy
            _log.warning("what runs did cannot be written down yet: %s", busy.detail)

    def _tell(self, run: ClaimedRun, changes: RunWrite) -> None:
        """What stands in the book now, for lines, numbers and screens."""
        note_written(run, changes)
        self.counter.note(run, changes)
        self._bell.tell(run_news(run.workspace_id, run.id, run.workflow_id, changes.run.status))


def _can_wait(changes: RunWrite) -> bool:
    """Nothing follows from it: no act, no run that waits for this one's end or for its turn."""
    return changes.run.release and not changes.is_called and not changes.takes_turns


def _state(run: ClaimedRun, plan: Plan, stored: StoredJourney) -> RunState:
    visited = [(row[0], row[1]) for row in stored.steps if row[0] in plan.merges]
    return restore(RunStatus(run.status), stored.tokens, run.next_token, visited, run.step_count)


def _parsed(text: str | None) -> Json:
    return None if text is None else orjson.loads(text)


class _Writer:
    """Writes for one run, and tells those who want to know."""

    __slots__ = ("_ahead", "_commit", "_progress", "_run", "_tell")

    def __init__(
        self,
        run: ClaimedRun,
        ahead: Speculation | None,
        commit: Callable[[RunWrite], Awaitable[bool]],
        tell: Callable[[ClaimedRun, RunWrite], None],
        progress: Callable[[], None],
    ) -> None:
        self._run, self._ahead = run, ahead
        self._commit, self._tell, self._progress = commit, tell, progress

    async def write(self, changes: RunWrite) -> bool:
        ahead, self._ahead = self._ahead, None
        kept = await (ahead.write(changes, self._commit) if ahead else self._commit(changes))
        if kept:
            self._tell(self._run, changes)
            self._progress()
        return kept
