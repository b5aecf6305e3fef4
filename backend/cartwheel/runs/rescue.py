"""Takes over runs whose worker died: their leases ran out, or its supervisor let go of them."""

import asyncio
import logging
from collections.abc import Callable

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.runs.claims import ClaimedRun, claim_abandoned, is_abandoned

RESCUE_EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Rescue:
    """Claims abandoned runs for one worker.

    `start` moves a run and returns an event that is set once something was written down for it.
    `room` tells how many more runs the worker can hold.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        start: Callable[[ClaimedRun], asyncio.Event],
        room: Callable[[], int],
    ) -> None:
        self._database, self._worker = database, worker
        self._start, self._room = start, room

    async def all(self) -> None:
        """Take over everything that is abandoned: a crowd at once, suspects one by one."""
        while self._room() > 0 and await self._database.fetch(is_abandoned(now_ms())):
            crowd = await self._claim(self._room(), suspects=False)
            suspects = [] if crowd else await self._claim(1, suspects=True)
            if not crowd and not suspects:
                return
            for progress in suspects:
                await progress.wait()

    async def _claim(self, limit: int, *, suspects: bool) -> list[asyncio.Event]:
        claim = claim_abandoned(self._worker, now_ms(), limit, suspects=suspects)
        runs = await self._database.run(claim)
        for run in runs:
            _tell(run)
        if runs and all(run.is_quarantined for run in runs):
            return [_already()]
        return [self._start(run) for run in runs if not run.is_quarantined]


def _tell(run: ClaimedRun) -> None:
    if run.is_quarantined:
        _log.error("run %s stopped its worker %d times and is set aside", run.id, run.crashes)
    else:
        _log.warning("took over run %s, abandoned %d times", run.id, run.crashes)


def _already() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
