"""How often each step of a workflow ended, and how: counted by the workers.

A worker counts the steps that it writes down, in memory, and adds what it counted to the hour's
rows every two seconds: a run's own commit costs nothing more. A worker that is killed takes up to
two seconds of counting with it; these are numbers to look at, the runs themselves are in the book.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.runs.claims import ClaimedRun
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import StepStatus
from cartwheel.statements import Rows, Transaction

HOUR_MS: Final = 3_600_000
WRITTEN_EVERY_SECONDS: Final = 2.0

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
