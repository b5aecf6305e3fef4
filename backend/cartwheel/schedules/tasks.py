"""The worker's clock: looks once a second whose time has come."""

from collections.abc import Callable

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.rounds import go_rounds
from cartwheel.schedules.service import keep_time

LOOK_EVERY_SECONDS = 1.0


async def watch_the_clock(database: Database, ring: Callable[[], None]) -> None:
    """Let schedules happen for ever; `ring` says that one did. One that cannot be read is looked at
    again."""

    async def look() -> None:
        if await keep_time(database, now_ms()):
            ring()

    await go_rounds(look, LOOK_EVERY_SECONDS, "the calendar")
