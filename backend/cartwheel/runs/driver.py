"""The worker's side of a run: loads what its journey needs, and writes what it says in groups."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
from cartwheel.runs import reading
from cartwheel.runs.attending import Attendant
from cartwheel.runs.called import CALLED
from cartwheel.runs.calling import Callings
from cartwheel.runs.carrier import WorkerCarrier
from cartwheel.runs.chronicle import note_written
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.demo_transport import DEMO, DemoTransport
from cartwheel.runs.journey import Journey, LeaseLost
from cartwheel.runs.keeping import WorkerKeeper
from cartwheel.runs.listening import Listening, Look
from cartwheel.runs.numbers import StepCounter
from cartwheel.runs.plan import Plan
from cartwheel.runs.plans import LoadedPlan, Plans
from cartwheel.runs.recollection import Recollection, StoredJourney
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.store import commit_group
from cartwheel.runs.stream import run_news
from cartwheel.runs.tokens import Outcome, RunState, RunStatus, Token, restore
from cartwheel.runs.transport import WayOut, WorkspaceTransport
from cartwheel.statements import Sql

REMEMBERED_SECONDS = 10.0
BUSY_WAIT_SECONDS = 0.5
Json = Any
_log = logging.getLogger(__name__)


class RunDriver:
    """Moves claimed runs; one per worker process."""

    def __init__(self, database: Database, plans: Plans, bell: Bell, way_out: WayOut) -> None:
        self._database, self._plans, self._bell, self._way_out = database, plans, bell, way_out
        self._commits = GroupCommit[RunWrite, bool](database, commit_group)
        self._workspaces: dict[int, tuple[float, dict[str, Json]]] = {}
        self.counter = StepCounter()
        self.zombies = 0

    @property
    def connections(self) -> OpenConnections:
        return self._way_out.connections

    async def close(self) -> None:
        """Write what is on its way."""
        await self._commits.close()

    async def drive(self, run: ClaimedRun, progress: Callable[[], None]) -> None:
        """Move one run as far as it goes; `progress` is called after each commit of it.

        Raises `Busy` when the book cannot be read; then nothing has begun.
        """
        loaded = await self._plans.get(run.workspace_id, run.workflow_id, run.version)
        past = Recollection(self._database, loaded.plan, run.workspace_id, run.id)
        stored = None if run.is_fresh else await past.of_journey(run.step_count)
        journey = await self._journey(run, loaded, stored, progress)
        try:
            if stored is None:
                await journey.begin()
            else:
                journey.recall = past.of_body
                await journey.go_on(_state(run, loaded.plan, stored))
        except LeaseLost:
            self.zombies += 1
            tally.add("fenced")
            _log.info("run %s went on elsewhere; this worker wrote nothing more of it", run.id)

    async def _journey(
        self,
        run: ClaimedRun,
        loaded: LoadedPlan,
        stored: StoredJourney | None,
        progress: Callable[[], None],
    ) -> Journey:
        workspace = await self._workspace(run.workspace_id)
        event = run.event or await self._event(run)
        surrounding = await self._surrounding(run, event, loaded, workspace)
        trigger = loaded.plan.trigger
        scope = RunScope(surrounding, trigger)
        for row in stored.steps if stored else ():
            scope.keep(row[0], row[1], _parsed(row[3]))
        journey = Journey(
            run, loaded.plan, scope, self._writer(run, progress),
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
        callings = Callings(self._database, self._plans)
        attendant = Attendant(self._database, callings, loaded.plan, run, event)
        journey.takes_turns = loaded.takes_turns
        journey.listening = Listening(
            run.id, _patient(attendant.look), is_called=event.type == CALLED
        )
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

    async def _workspace(self, workspace_id: int) -> dict[str, Json]:
        """A workspace's words for texts, remembered for a few seconds."""
        known = self._workspaces.get(workspace_id)
        if known is None or time.monotonic() - known[0] > REMEMBERED_SECONDS:
            rows = await self._database.fetch(
                Sql(
                    "SELECT name, currency, timezone, locale FROM workspace WHERE id = $1",
                    (workspace_id,),
                )
            )
            names = ("name", "currency", "timezone", "locale")
            known = (time.monotonic(), dict(zip(names, tuple(rows[0]), strict=True)))
            self._workspaces[workspace_id] = known
        return known[1]

    # --- writing ---

    def _writer(
        self, run: ClaimedRun, progress: Callable[[], None]
    ) -> Callable[[RunWrite], Awaitable[bool]]:
        async def write(changes: RunWrite) -> bool:
            kept = await self._commit(changes)
            if kept:
                note_written(run, changes)
                self.counter.note(run, changes)
                progress()
                self._bell.tell(
                    run_news(run.workspace_id, run.id, run.workflow_id, changes.run.status)
                )
            return kept

        return write

    async def _commit(self, changes: RunWrite) -> bool:
        """Written sooner or later: a database that is locked or away is waited for."""
        while True:
            try:
                return await self._commits.submit(changes)
            except Busy:
                await asyncio.sleep(BUSY_WAIT_SECONDS)


def _state(run: ClaimedRun, plan: Plan, stored: StoredJourney) -> RunState:
    visited = [(row[0], row[1]) for row in stored.steps if row[0] in plan.merges]
    return restore(RunStatus(run.status), stored.tokens, run.next_token, visited, run.step_count)


def _patient(look: Look) -> Look:
    """A database that is locked or away is waited for: a run in hand must not begin anew."""

    async def wait(tokens: Sequence[Token]) -> Sequence[Outcome]:
        while True:
            try:
                return await look(tokens)
            except Busy:
                await asyncio.sleep(BUSY_WAIT_SECONDS)

    return wait


def _parsed(text: str | None) -> Json:
    return None if text is None else orjson.loads(text)
