"""How often each step of a workflow ended, and how: the numbers on the cards.

A worker counts the steps that it writes down, in memory, and adds what it counted to the hour's
rows every two seconds: a run's own commit costs nothing more, and asking reads a few hundred rows
however many runs there were. A worker that is killed takes up to two seconds of counting with it;
these are numbers to look at, the runs themselves are in the book.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.runs.claims import ClaimedRun
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.schemas import EntryNumbers, StepNumbers, WorkflowNumbers
from cartwheel.runs.tokens import StepStatus
from cartwheel.runs.waits import waiting_steps
from cartwheel.statements import Rows, Sql, Transaction
from cartwheel.workflows.store import find_workflow

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
WRITTEN_EVERY_SECONDS: Final = 2.0
PERIODS: Final[Mapping[str, int]] = {"24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS}

_NAMES = ("done", "failed", "skipped")
_ENDS: Final[Mapping[str, int]] = {
    StepStatus.SUCCEEDED.value: 0,
    StepStatus.FAILED.value: 1,
    StepStatus.UNKNOWN.value: 1,
    StepStatus.SKIPPED.value: 2,
}
_Place = tuple[int, str, int, str, int]
"""(workspace, workflow, hour, node, which of the three)"""

_log = logging.getLogger(__name__)


class StepCounter:
    """One worker's counting."""

    def __init__(self) -> None:
        self._counted: Counter[_Place] = Counter()

    def note(self, run: ClaimedRun, write: RunWrite) -> None:
        """These steps stand in the book now."""
        hour = now_ms() // HOUR_MS * HOUR_MS
        for step in write.steps:
            end = _ENDS.get(step.status)
            if end is not None:
                self._counted[run.workspace_id, run.workflow_id, hour, step.node_id, end] += 1

    async def write(self, database: Database) -> None:
        """Add what was counted to the book; what cannot be written now is kept."""
        counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            await database.run(add_to_tally(_rows(counted)))
        except Busy:
            self._counted.update(counted)

    async def write_for_ever(self, database: Database) -> None:
        while True:
            await asyncio.sleep(WRITTEN_EVERY_SECONDS)
            try:
                await self.write(database)
            except Exception:  # noqa: BLE001  (counting must not stop a worker)
                _log.exception("the steps' numbers could not be written")


def _rows(counted: Mapping[_Place, int]) -> list[tuple[int | str, ...]]:
    """Always in the same order, so that two workers never cross."""
    found: dict[tuple[int, str, int, str], list[int]] = {}
    for (workspace_id, workflow_id, hour, node_id, end), number in counted.items():
        found.setdefault((workspace_id, workflow_id, hour, node_id), [0, 0, 0])[end] += number
    return [(*place, *numbers) for place, numbers in sorted(found.items())]


def add_to_tally(rows: Sequence[tuple[int | str, ...]]) -> Transaction[None]:
    """(workspace, workflow, hour, node, done, failed, skipped). A workflow that is gone for good
    takes its numbers with it."""
    added = ", ".join(f"{name} = step_tally.{name} + excluded.{name}" for name in _NAMES)
    yield Rows(
        "step_tally", ("workspace_id", "workflow_id", "hour", "node_id", *_NAMES),
        ("int", "text", "bigint", "text", "int", "int", "int"), rows,
        f"ON CONFLICT (workspace_id, workflow_id, hour, node_id) DO UPDATE SET {added}",
    )  # fmt: skip


# --- asking ---


async def numbers_of(
    database: Database, workspace_id: int, workflow_id: str, period: str
) -> WorkflowNumbers:
    """What came of each step in the period, what waits there now, and who was kept out.

    Raises `NotFound`.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    since = now_ms() - PERIODS[period]
    standing = await database.fetch(waiting_steps(workspace_id, workflow_id))
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
        _, now, at = tuple(waiting.get(node_id, (node_id, 0, None)))
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
