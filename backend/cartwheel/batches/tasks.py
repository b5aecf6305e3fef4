"""The worker's side of batches: a step twice a second, never ahead of fresh events."""

from collections.abc import Callable

from cartwheel.batches.store import EVERY_MS, is_batch_due, move_on
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.rounds import go_rounds


async def move_batches(database: Database, ring: Callable[[], None]) -> None:
    """Move batches on for ever; `ring` says that there are new events."""

    async def look() -> None:
        if await _move_one(database):
            ring()

    await go_rounds(look, EVERY_MS / 1000, "the mover of batches")


async def _move_one(database: Database) -> bool:
    """Reads before it writes, so that a worker without batches costs no lock."""
    now = now_ms()
    if not await database.fetch(is_batch_due(now)):
        return False
    has_started: bool = await database.run(move_on(now))
    return has_started
