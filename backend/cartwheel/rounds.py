"""Looking again and again, as a worker does beside its runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from cartwheel.errors import Busy

_log = logging.getLogger(__name__)


async def go_rounds(look: Callable[[], Awaitable[object]], every_seconds: float, what: str) -> None:
    """Look for ever. A database that is away is looked at again, and a bug of ours stops nobody.

    `what` says in the log what stumbled.
    """
    while True:
        try:
            await look()
        except Busy:
            pass  # Said by everything else that needs the database; what is due stays due.
        except Exception:  # noqa: BLE001  (our bug is logged; the rounds go on)
            _log.exception("%s stumbled", what)
        await asyncio.sleep(every_seconds)
