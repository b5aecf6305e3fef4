"""Takes over runs whose worker died: their leases ran out, or its supervisor let go of them."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.runs.claims import ClaimedRun, claim_abandoned, is_abandoned

RESCUE_EVERY_SECONDS = 1.0
LONGEST_ALONE_SECONDS = 0.5
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
        """Take over everything that is abandoned, one run after the other.

        The next one waits until something was written down for this one, so that a run which
        stops its worker at once is alone when it does.
        """
        while self._room() > 0 and await self._database.fetch(is_abandoned(now_ms())):
            run = await self._database.run(claim_abandoned(self._worker, now_ms()))
            if run is None:
                return
            _tell(run)
            if not run.is_quarantined:
                await self._apart(self._start(run))

    async def _apart(self, progress: asyncio.Event) -> None:
        """A slow look outside before anything is written down does not hold up the others."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(progress.wait(), LONGEST_ALONE_SECONDS)


def _tell(run: ClaimedRun) -> None:
    if run.is_quarantined:
        _log.error("run %s stopped its worker %d times and is set aside", run.id, run.crashes)
    else:
        _log.warning("took over run %s, abandoned %d times", run.id, run.crashes)
