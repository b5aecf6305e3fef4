"""The worker looks after those who wait for their turn: every few seconds, mostly in vain."""

from collections.abc import Callable

from cartwheel.database import Database
from cartwheel.rounds import go_rounds
from cartwheel.runs.entering import overlooked, take_over_late

LOOK_EVERY_SECONDS = 3.0


async def look_after_lines(database: Database, ring: Callable[[], None]) -> None:
    """Look for ever; `ring` says that a run may go on."""

    async def look() -> None:
        if await mend_lines(database):
            ring()

    await go_rounds(look, LOOK_EVERY_SECONDS, "the look after lines")


async def mend_lines(database: Database) -> int:
    """Let those take over that were overlooked; returns how many lines that were."""
    found = await database.fetch(overlooked())
    for workspace_id, workflow_id, key, _ in (tuple(row) for row in found):
        await database.run(take_over_late(workspace_id, workflow_id, key))
    return len(found)
