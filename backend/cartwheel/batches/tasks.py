"""The worker's side of batches: a step twice a second, never ahead of fresh events."""

import asyncio
import logging
from collections.abc import Callable

from cartwheel.batches.store import EVERY_MS, is_batch_due, move_on
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy

_log = logging.getLogger(__name__)


async def move_batches(database: Database, ring: Callable[[], None]) -> None:
    """Move batches on for ever; `ring` says that there are new events."""
    while True:
        try:
            if await _move_one(database):
                ring()
        except Busy:
            pass  # Said by everything else that needs the database; the batch stays due.
        except Exception:  # noqa: BLE001  (a worker must not stop for one batch)
            _log.exception("a batch could not go on")
        await asyncio.sleep(EVERY_MS / 1000)


async def _move_one(database: Database) -> bool:
    """Reads before it writes, so that a worker without batches costs no lock."""
    now = now_ms()
    if not await database.fetch(is_batch_due(now)):
        return False
    has_started: bool = await database.run(move_on(now))
    return has_started
