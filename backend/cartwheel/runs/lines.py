"""The worker looks after those who wait for their turn: every few seconds, mostly in vain."""

import asyncio
import logging
from collections.abc import Callable

from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.runs.entering import overlooked, take_over_late

LOOK_EVERY_SECONDS = 3.0
_log = logging.getLogger(__name__)


async def look_after_lines(database: Database, ring: Callable[[], None]) -> None:
    """Look for ever; `ring` says that a run may go on."""
    while True:
        try:
            if await mend_lines(database):
                ring()
        except Busy:
            pass  # Said by everything else that needs the database.
        except Exception:  # noqa: BLE001  (a worker must not stop for it)
            _log.exception("those who wait for their turn could not be looked after")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def mend_lines(database: Database) -> int:
    """Let those take over that were overlooked; returns how many lines that were."""
    found = await database.fetch(overlooked())
    for workspace_id, workflow_id, key, _ in (tuple(row) for row in found):
        await database.run(take_over_late(workspace_id, workflow_id, key))
    return len(found)
