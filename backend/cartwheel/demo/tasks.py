"""The worker's side of the demo shop: a loop beside the one that moves runs, not in its way."""

import asyncio
import logging
from collections.abc import Callable

from cartwheel.database import Database
from cartwheel.demo.happening import go_on
from cartwheel.errors import Busy

LOOK_EVERY_SECONDS = 1.0
WAIT_AFTER_MISHAP_SECONDS = 10.0
_log = logging.getLogger(__name__)


async def keep_shops_open(database: Database, ring: Callable[[], None]) -> None:
    """Let things happen in the open demo shops for ever; `ring` says that something did."""
    while True:  # noqa: ASYNC110  (asks the book again)
        await asyncio.sleep(await _look(database, ring))


async def _look(database: Database, ring: Callable[[], None]) -> float:
    """One look; returns how many seconds to wait before the next one."""
    try:
        if await go_on(database):
            ring()
    except Busy:
        return WAIT_AFTER_MISHAP_SECONDS
    except Exception:  # noqa: BLE001  (a play must never stop the work)
        _log.exception("the demo shop stumbled")
        return WAIT_AFTER_MISHAP_SECONDS
    return LOOK_EVERY_SECONDS
