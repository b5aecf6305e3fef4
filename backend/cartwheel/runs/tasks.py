"""The worker's loop: look at the book, take what is to be done, move runs, keep the leases.

The bell says when to look; without a bell the loop looks once a second. Nothing here knows Redis.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.runs.claims import (
    HEARTBEAT_SECONDS,
    ClaimedRun,
    claim_abandoned,
    extend_leases,
    hand_back,
    work_at_hand,
)
from cartwheel.runs.routing import Taken, take

LOOK_EVERY_SECONDS = 1.0
GRACE_SECONDS = 8.0
_log = logging.getLogger(__name__)


class RunLoop:
    """Moves runs with `drive`, at most `capacity` at a time, until `stop` is called."""

    def __init__(
        self,
        database: Database,
        drive: Callable[[ClaimedRun], Awaitable[None]],
        *,
        worker: str | None = None,
        capacity: int = 256,
    ) -> None:
        self.worker = worker or new_id()
        self._database, self._drive, self._capacity = database, drive, capacity
        self._moving: dict[str, tuple[ClaimedRun, asyncio.Task[None]]] = {}
        self._suspect: str | None = None
        self._bell = asyncio.Event()
        self._stopping = False
        self._next_look = 0.0

    def look(self) -> None:
        """There may be something to do."""
        self._bell.set()

    def stop(self) -> None:
        """Take nothing more; `serve` returns when what is moving has come to rest."""
        self._stopping = True
        self._bell.set()

    @property
    def moving(self) -> int:
        """How many runs are in hand."""
        return len(self._moving)

    async def serve(self) -> None:
        """Work until stopped."""
        heartbeat = asyncio.create_task(self._keep_leases(), name="heartbeat")
        try:
            while not self._stopping:
                await self._survive(self._round)
        finally:
            await self._come_to_rest()
            heartbeat.cancel()

    async def _round(self) -> None:
        """One look. It looks again at once as long as there is something to take."""
        rung = self._bell.is_set()
        self._bell.clear()
        free = self._capacity - len(self._moving)
        if free <= 0:
            await self._wait_for_bell(LOOK_EVERY_SECONDS)
        elif not rung and not await self._is_work_at_hand():
            await self._wait_for_bell(self._next_look - asyncio.get_running_loop().time())
        else:
            await self._take(free)

    async def _take(self, free: int) -> None:
        taken: Taken = await self._database.run(take(self.worker, now_ms(), free))
        for run in taken.runs:
            self._start(run)
        if taken.events or taken.runs:
            self._bell.set()
            await asyncio.sleep(0)

    async def _wait_for_bell(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._bell.wait()
        except TimeoutError:
            return

    async def _is_work_at_hand(self) -> bool:
        """Read before writing, so that an idle worker costs no lock. Sets the next look."""
        now = now_ms()
        unrouted, due, expired = (await self._database.fetch(work_at_hand(now)))[0]
        if expired is not None:
            await self._rescue()
        until_due = LOOK_EVERY_SECONDS if due is None else max(due - now, 0) / 1000
        self._next_look = asyncio.get_running_loop().time() + min(until_due, LOOK_EVERY_SECONDS)
        return unrouted is not None or (due is not None and due <= now)

    async def _rescue(self) -> None:
        """Take over one run that its worker abandoned; the next one when this one has moved."""
        if self._suspect in self._moving:
            return
        run = await self._database.run(claim_abandoned(self.worker, now_ms()))
        if run is not None:
            _log.warning("rescued run %s, abandoned %d times", run.id, run.crashes)
            self._suspect = run.id
            self._start(run)

    def _start(self, run: ClaimedRun) -> None:
        task = asyncio.create_task(self._move(run), name=f"run-{run.id}")
        self._moving[run.id] = (run, task)

    async def _move(self, run: ClaimedRun) -> None:
        """A run that fails to move is our bug: loud, and left to its lease so that it counts."""
        try:
            await self._drive(run)
        except Exception:  # noqa: BLE001  (one run's bug must not stop the others)
            _log.exception("run %s could not be moved", run.id)
        finally:
            self._moving.pop(run.id, None)
            self._bell.set()

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            await self._survive(self._heartbeat)

    async def _heartbeat(self) -> None:
        """Renew what is held; let go of runs that somebody else has claimed since."""
        held = {run.id: (run.workspace_id, run.id, run.fence) for run, _ in self._moving.values()}
        if not held:
            return
        kept = set(await self._database.run(extend_leases(list(held.values()), now_ms())))
        for run_id in held.keys() - kept:
            entry = self._moving.get(run_id)
            if entry is not None:
                entry[1].cancel()

    async def _come_to_rest(self) -> None:
        """Let acts under way end; hand the rest back for another worker to continue."""
        tasks = [task for _, task in self._moving.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        rest = [(run.workspace_id, run.id, run.fence) for run, _ in self._moving.values()]
        for _, task in list(self._moving.values()):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if rest:
            await self._survive(lambda: self._database.run(hand_back(rest)))

    async def _survive(self, act: Callable[[], Awaitable[object]]) -> None:
        """A database that is locked or away is waited for, never given up on."""
        try:
            await act()
        except Busy as error:
            _log.warning("the database is busy: %s", error.detail)
            await asyncio.sleep(0.5)
        except Exception:  # noqa: BLE001  (logged whole; the worker lives on)
            _log.exception("the worker's loop stumbled")
            await asyncio.sleep(0.5)
