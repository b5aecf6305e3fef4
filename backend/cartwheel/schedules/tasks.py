"""The worker's clock: looks once a second whose time has come."""

import asyncio
import logging
from collections.abc import Callable

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.schedules.service import keep_time

LOOK_EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)


async def watch_the_clock(database: Database, ring: Callable[[], None]) -> None:
    """Let schedules happen for ever; `ring` says that one did. One that cannot be read, or a
    database that is away, is looked at again."""
    while True:
        try:
            if await keep_time(database, now_ms()):
                ring()
        except Busy:
            pass  # Said by everything else that needs the database; the time stays due.
        except Exception:  # noqa: BLE001  (the clock must not stop for one schedule)
            _log.exception("a schedule could not be looked at")
        await asyncio.sleep(LOOK_EVERY_SECONDS)
