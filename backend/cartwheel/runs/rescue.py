"""Takes over runs whose worker died: their leases ran out, or its supervisor let go of them.

Who is to blame for a death cannot be seen, so nobody is blamed for being near: see `Rescue`.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cartwheel.clock import now_ms
from cartwheel.database import Database, try_writing
from cartwheel.runs.claims import (
    HEARTBEAT_SECONDS,
    AbandonedRun,
    ClaimedRun,
    abandoned_runs,
    claim_abandoned,
)

RESCUE_EVERY_SECONDS = 1.0
MOST_AT_ONCE = 256
LONGEST_APART_SECONDS = 0.5
LONGEST_ALONE_SECONDS = 2.0
CALM_SECONDS = 5.0
UNCHANGED_SECONDS = 1.5 * HEARTBEAT_SECONDS
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moving:
    """A run in hand. `progress` is set when something was written down for it, or when it ends."""

    run: ClaimedRun
    task: asyncio.Task[None]
    progress: asyncio.Event


class Rescue:
    """Claims abandoned runs for one worker, one after the other.

    Whatever was in hand at one death is taken over at once; the next one waits until something was
    written down for this one. What was in hand at two is a suspect: it is tried alone, to its rest,
    and only by a worker that has lived for a while. So a run that stops its workers is alone when
    it does, and a machine that goes down every few seconds convicts nobody.

    `start` moves a run, `room` tells how many more the worker can hold.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        start: Callable[[ClaimedRun], Moving],
        room: Callable[[], int],
    ) -> None:
        self._database, self._worker = database, worker
        self._start, self._room = start, room
        self._began = time.monotonic()
        self._took_no_writes, self._patient_until = False, 0.0
        self._silent: Silence | None = Silence() if database.is_sqlite else None

    async def all(self) -> None:
        """Take over everything that is abandoned. Raises `Busy`."""
        if self._took_no_writes:
            await self._database.run(try_writing())
            self._took_no_writes = False
            self._patient_until = time.monotonic() + CALM_SECONDS
            self._silent = self._silent and Silence()
        await self._all()

    def be_patient(self) -> None:
        """The book took no writes, so living workers could not renew their leases either. They are
        given time for it once it does."""
        self._took_no_writes = True

    async def _all(self) -> None:
        rows = await self._database.fetch(abandoned_runs(now_ms(), MOST_AT_ONCE))
        for seen in self._believed(AbandonedRun(*tuple(row)) for row in rows):
            if self._room() <= 0:
                return
            run = await self._database.run(claim_abandoned(self._worker, now_ms(), seen))
            if run is None:
                continue
            _tell(run)
            if not run.is_quarantined:
                await _apart(self._start(run), alone=seen.is_suspect)

    def _believed(self, found: Iterable[AbandonedRun]) -> list[AbandonedRun]:
        calm = time.monotonic() - self._began >= CALM_SECONDS
        patient = time.monotonic() < self._patient_until
        timely = [
            run for run in found if (calm or not run.is_suspect) and (not patient or run.was_let_go)
        ]
        return self._silent.of(timely) if self._silent else timely


class Silence:
    """Which ended leases nobody renews any more.

    Where the clock of each process decides (SQLite), one that is off would see living workers as
    dead. They renew what they hold every few seconds, so a lease that only looks ended is believed
    after it stood unchanged for longer than that, by our own steady clock.
    """

    def __init__(self) -> None:
        self._since: dict[AbandonedRun, float] = {}

    def of(self, found: Iterable[AbandonedRun]) -> list[AbandonedRun]:
        """Those that were let go of, and those that have been seen so for long enough."""
        now = time.monotonic()
        self._since = {run: self._since.get(run, now) for run in found}
        return [
            run
            for run, since in self._since.items()
            if run.was_let_go or now - since >= UNCHANGED_SECONDS
        ]


async def _apart(moving: Moving, *, alone: bool) -> None:
    """A slow look outside does not hold up the others for ever."""
    if alone:
        await asyncio.wait({moving.task}, timeout=LONGEST_ALONE_SECONDS)
        return
    written = asyncio.ensure_future(moving.progress.wait())
    await asyncio.wait({written}, timeout=LONGEST_APART_SECONDS)
    written.cancel()


def _tell(run: ClaimedRun) -> None:
    if run.is_quarantined:
        _log.error("run %s stopped its worker %d times and is set aside", run.id, run.crashes)
    else:
        _log.warning("took over run %s, abandoned %d times", run.id, run.crashes)
