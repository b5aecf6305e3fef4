"""The worker's loop: look at the book, take what is to be done, move runs, keep the leases.

The bell says when to look; without a bell the loop looks once a second. Nothing here knows Redis.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.outbound.doors import Doors
from cartwheel.outbound.hands import HANDS
from cartwheel.runs.chronicle import note_taken
from cartwheel.runs.claims import (
    HEARTBEAT_SECONDS,
    LEASE_MS,
    ClaimedRun,
    extend_leases,
    hand_back,
    held_by,
    work_at_hand,
)
from cartwheel.runs.rescue import RESCUE_EVERY_SECONDS, Moving, Rescue
from cartwheel.runs.routing import Taken, take
from cartwheel.runs.speculation import Speculation, Speculations
from cartwheel.runs.summons import Called, Summons
from cartwheel.runs.weighing import BytesInHand, how_many_fit, without_text
from cartwheel.settings import USUAL_BYTES_IN_HAND

LOOK_EVERY_SECONDS = 1.0
GRACE_SECONDS = 8.0
GATHER_SECONDS = 0.005
CALM_SECONDS = 0.02
"""What is due besides is asked about this much after an event went ahead: its act is on its way to
the book just then, and the next bell may ring any moment."""
BUSY_WAIT_SECONDS = 0.5
_log = logging.getLogger(__name__)

Drive = Callable[[ClaimedRun, Callable[[], None], Speculation | None], Awaitable[None]]
"""Moves a run; calls back whenever something was written down for it."""


class RunLoop:
    """Moves runs with `drive`, at most `capacity` at a time, until `stop` is called."""

    def __init__(
        self,
        database: Database,
        drive: Drive,
        *,
        worker: str | None = None,
        capacity: int = HANDS,
        called: Called | None = None,
        most_bytes: int = USUAL_BYTES_IN_HAND,
    ) -> None:
        self.worker = worker or new_id()
        self._database, self._drive, self._capacity = database, drive, capacity
        self._bytes = BytesInHand(most_bytes)
        self._moving: dict[tuple[int, str, int], Moving] = {}
        self._rescue = Rescue(database, self.worker, self._start, lambda: self._room)
        called = called or Called(Doors(capacity))
        self._summons = Summons(database, self.worker, called, self._start, lambda: self._room)
        self._speculations = Speculations(database, self.worker, self._expect_unseen)
        self._bell = asyncio.Event()
        self._is_rung = False
        self._stopping = False
        self._next_look = self._calm_until = 0.0
        self._unseen_before: int | None = None

    def look(self) -> None:
        """There may be something to do."""
        self._is_rung = True
        self._bell.set()

    def stop(self) -> None:
        """Take nothing more; `serve` returns when what is moving has come to rest."""
        self._stopping = True
        self._bell.set()

    @property
    def moving(self) -> int:
        """How many runs are in hand."""
        return len(self._moving)

    @property
    def _room(self) -> int:
        if self._stopping or self._bytes.is_crowded:
            return 0
        return self._capacity - len(self._moving)

    async def serve(self) -> None:
        """Work until stopped."""
        self._loop = asyncio.get_running_loop()
        sides = [
            asyncio.create_task(self._again_and_again(self._heartbeat, HEARTBEAT_SECONDS)),
            asyncio.create_task(self._again_and_again(self._take_over, RESCUE_EVERY_SECONDS)),
            asyncio.create_task(self._again_and_again(self._summons.some, 0)),
        ]
        try:
            while not self._stopping:
                await self._survive(self._round)
        finally:
            for side in sides[1:]:
                side.cancel()
            await self._come_to_rest()
            sides[0].cancel()

    async def _again_and_again(self, act: Callable[[], Awaitable[object]], seconds: float) -> None:
        while True:
            await self._survive(act)
            await asyncio.sleep(seconds)

    async def _round(self) -> None:
        """One look. It looks again at once as long as there is something to take."""
        self._bell.clear()
        now = asyncio.get_running_loop().time()
        if self._room <= 0:
            await self._wait_for_bell(LOOK_EVERY_SECONDS)
        elif not self._is_rung and now < self._calm_until:
            await self._wait_for_bell(self._calm_until - now)
        elif not self._is_rung and not await self._is_work_at_hand():
            await self._wait_for_bell(self._next_look - asyncio.get_running_loop().time())
        else:
            await self._take()

    async def _take(self) -> None:
        if self._room < self._capacity // 8:
            await asyncio.sleep(GATHER_SECONDS)  # A commit for one run costs as much as for many.
        self._is_rung = False
        await self._return_unseen()
        outlook = await self._speculations.begin(self._room)
        for speculation in outlook.begun:
            for run in speculation.birth.runs:
                self._start(run, speculation)
        if self._room > 0 and (outlook.sizes or not outlook.begun):
            await self._take_from_the_book(outlook.sizes)
        else:
            self._calm_until = asyncio.get_running_loop().time() + CALM_SECONDS

    async def _take_from_the_book(self, sizes: Sequence[int]) -> None:
        most, ahead = how_many_fit(sizes, self._bytes.most, self._room), self._speculations.events
        try:
            taken: Taken = await self._database.run(take(self.worker, now_ms(), most, ahead))
        except BaseException:
            self._expect_unseen()
            raise
        note_taken(taken)
        for run in taken.runs:
            self._start(without_text(run))
        if taken.events or taken.runs:
            self.look()
            await asyncio.sleep(0)

    def _expect_unseen(self) -> None:
        """What broke off may have been committed."""
        self._unseen_before = now_ms() + LEASE_MS
        self.look()

    async def _return_unseen(self) -> None:
        """What stands in the book as held by us and is not in our hands is given back, instead of
        waiting for its lease to end."""
        until, self._unseen_before = self._unseen_before, None
        if until is None:
            return
        try:
            rows = await self._database.fetch(held_by(self.worker, until))
            unseen = [key for row in rows if (key := (row[0], row[1], row[2])) not in self._moving]
            if unseen:
                await self._database.run(hand_back(unseen))
                _log.warning("gave back %d runs of a look that broke off", len(unseen))
        except BaseException:
            self._expect_unseen()
            raise

    async def _wait_for_bell(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _is_work_at_hand(self) -> bool:
        """Read before writing, so that an idle worker costs no lock. Sets the next look."""
        now = now_ms()
        unrouted, due = (await self._database.fetch(work_at_hand(self._speculations.events)))[0]
        until_due = LOOK_EVERY_SECONDS if due is None else max(due - now, 0) / 1000
        self._next_look = asyncio.get_running_loop().time() + min(until_due, LOOK_EVERY_SECONDS)
        return unrouted is not None or (due is not None and due <= now)

    async def _take_over(self) -> None:
        """A worker that was frozen renews its own leases before it looks for expired ones."""
        try:
            await self._heartbeat()
            await self._rescue.all()
        except Busy:
            self._rescue.be_patient()
            raise

    def _start(self, run: ClaimedRun, ahead: Speculation | None = None) -> Moving:
        progress = asyncio.Event()
        task = self._loop.create_task(self._move(run, progress, ahead), name=f"run-{run.id}")
        moving = self._moving[run.key] = Moving(run, task, progress)
        return moving

    async def _move(
        self, run: ClaimedRun, progress: asyncio.Event, ahead: Speculation | None
    ) -> None:
        """A run that fails to move is our bug: loud, and left to its lease so that it counts."""
        try:
            async with self._bytes.hold(run.stored_bytes):
                while not await self._is_driven(run, progress, ahead):  # noqa: ASYNC110  (asks the book)
                    await asyncio.sleep(BUSY_WAIT_SECONDS)
        except Exception:  # noqa: BLE001  (one run's bug must not stop the others)
            _log.exception("run %s could not be moved", run.id)
        finally:
            self._moving.pop(run.key, None)
            if ahead is not None:
                ahead.leave()
            progress.set()
            self._bell.set()

    async def _is_driven(
        self, run: ClaimedRun, progress: asyncio.Event, ahead: Speculation | None
    ) -> bool:
        """False when the book could not be read just now: nobody's fault, least of all the run's"""
        try:
            await self._drive(run, progress.set, ahead)
        except Busy:
            return False
        return True

    async def _heartbeat(self) -> None:
        """Renew what is held. A run that somebody else has by now notices at its next write; its
        acts under way are let be, because only we can tell how they end."""
        held = list(self._moving)
        if held:
            await self._database.run(extend_leases(held, now_ms()))

    async def _come_to_rest(self) -> None:
        """Let acts under way end; hand the rest back for another worker to continue."""
        tasks = [each.task for each in self._moving.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        rest = list(self._moving)
        for each in list(self._moving.values()):
            each.task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if rest:
            await self._survive(lambda: self._database.run(hand_back(rest)))

    async def _survive(self, act: Callable[[], Awaitable[object]]) -> None:
        """A database that is locked or away is waited for, never given up on."""
        try:
            await act()
        except Busy as error:
            _log.warning("the database is busy: %s", error.detail)
            await asyncio.sleep(BUSY_WAIT_SECONDS)
        except Exception:  # noqa: BLE001  (logged whole; the worker lives on)
            _log.exception("the worker's loop stumbled")
            await asyncio.sleep(BUSY_WAIT_SECONDS)
