"""The numbers on the cards: what came of each step, what waits there, and who was kept out.

Asking reads a few hundred rows however many runs there were (see `counting`).
"""

from collections.abc import Mapping
from typing import Final

from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database
from cartwheel.runs.counting import HOUR_MS
from cartwheel.runs.schemas import EntryNumbers, StepNumbers, WorkflowNumbers
from cartwheel.runs.waits import waiting_now
from cartwheel.statements import Sql
from cartwheel.workflows.store import find_workflow

DAY_MS: Final = 24 * HOUR_MS
PERIODS: Final[Mapping[str, int]] = {"24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS}


async def numbers_of(
    database: Database, workspace_id: int, workflow_id: str, period: str
) -> WorkflowNumbers:
    """What came of each step in the period, what waits there now, and who was kept out.

    Raises `NotFound`.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    since = now_ms() - PERIODS[period]
    standing = await waiting_now(database, workspace_id, workflow_id)
    waiting = {row[0]: row for row in standing}
    ended = await database.fetch(
        Sql(
            "SELECT node_id, sum(done), sum(failed), sum(skipped) FROM step_tally "
            "WHERE workspace_id = $1 AND workflow_id = $2 AND hour > $3 GROUP BY node_id",
            (workspace_id, workflow_id, since - HOUR_MS),
        )
    )
    counts = {row[0]: tuple(int(each) for each in tuple(row)[1:]) for row in ended}
    steps = []
    for node_id in sorted(counts.keys() | waiting.keys()):
        done, failed, skipped = counts.get(node_id, (0, 0, 0))
        _, now, at = waiting.get(node_id, (node_id, 0, None))
        steps.append(
            StepNumbers(node_id=node_id, entered=done + failed + now, waiting=now,
                next_at=None if at is None else rfc3339(at), done=done,
                        failed=failed, skipped=skipped)
        )  # fmt: skip
    return WorkflowNumbers(
        period=period, steps=steps, entry=await _entry(database, workspace_id, workflow_id, since)
    )


async def _entry(
    database: Database, workspace_id: int, workflow_id: str, since: int
) -> EntryNumbers | None:
    """Days are the shop's; the first one counts whole."""
    rows = await database.fetch(
        Sql(
            "SELECT sum(came_in), sum(kept_out), sum(started) FROM entry_count "
            "WHERE workspace_id = $1 AND workflow_id = $2 AND day >= $3",
            (workspace_id, workflow_id, _day(since)),
        )
    )
    came_in, kept_out, started = tuple(rows[0])
    if came_in is None:
        return None
    return EntryNumbers(came_in=int(came_in), kept_out=int(kept_out), started=int(started))


def _day(moment: int) -> str:
    return rfc3339(moment)[:10]
