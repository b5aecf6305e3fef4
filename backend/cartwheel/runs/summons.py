"""Takes up again the runs whose steps waited for room outside and were called.

A step that found no room is put off in the book, and its run has no worker. When there is room,
the worker in whose line it stands claims the run, if it still rests, and nobody has to look for it.
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.outbound.doors import Doors, Way
from cartwheel.runs.claims import ClaimedRun, claim_resting
from cartwheel.statements import Sql, Transaction, Updates, marks
from cartwheel.values import dataclass

LOOK_EVERY_SECONDS = 0.1
MOST_LOOKS = 20
"""At a run that is still in somebody's hand, perhaps ours: its rest is being written down."""


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A step that waits in the book until `until` (ms) for its turn on a way; `key` is its act's"""

    way: Way
    key: str
    run_id: str
    node_id: str
    iteration: str
    until: int

    @property
    def workspace_id(self) -> int:
        return self.way.workspace_id


class Called:
    """Those who were called and have not been taken up yet, in their order."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self._sleepers: deque[Sleeper] = deque()
        self._looks: dict[Sleeper, int] = {}
        self._is_needed = asyncio.Event()

    def add(self, sleeper: Sleeper) -> None:
        """There is room for this one."""
        self._sleepers.append(sleeper)

    def look(self) -> None:
        """Somebody went to sleep."""
        self._is_needed.set()

    async def some(self, most: int) -> list[Sleeper]:
        """Waits while nobody sleeps; then, now and then, those that were called."""
        await self._is_needed.wait()
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        self.doors.call_next(time.monotonic())
        if not self._sleepers and not self.doors.has_a_line:
            self._is_needed.clear()
        return [self._sleepers.popleft() for _ in range(min(most, len(self._sleepers)))]

    def miss(self, sleeper: Sleeper, *, is_held: bool) -> None:
        """Its run could not be taken up. One that is in somebody's hand will rest."""
        looks = self._looks.pop(sleeper, 0) + 1
        if is_held and looks < MOST_LOOKS:
            self._looks[sleeper] = looks
            self._sleepers.append(sleeper)
        else:
            self.doors.forget(sleeper.way, sleeper.key, time.monotonic())

    def found(self, sleeper: Sleeper) -> None:
        """Its run is in our hand."""
        self._looks.pop(sleeper, None)


class Summons:
    """Claims the runs of those who were called. `start` moves a run, `room` tells how many more
    the worker can hold."""

    def __init__(
        self,
        database: Database,
        worker: str,
        called: Called,
        start: Callable[[ClaimedRun], object],
        room: Callable[[], int],
    ) -> None:
        self._database, self._worker, self._called = database, worker, called
        self._start, self._room = start, room

    async def some(self) -> None:
        """Take up some of those who were called, as soon as there are any."""
        sleepers = await self._called.some(max(self._room(), 0))
        of_workspace: dict[int, list[Sleeper]] = defaultdict(list)
        for sleeper in sleepers:
            of_workspace[sleeper.workspace_id].append(sleeper)
        for workspace_id, those in of_workspace.items():
            await self._take_up(workspace_id, those)

    async def _take_up(self, workspace_id: int, sleepers: Sequence[Sleeper]) -> None:
        claim = call_up(self._worker, now_ms(), workspace_id, sleepers)
        try:
            runs, held = await self._database.run(claim)
        except Busy:
            for sleeper in sleepers:
                self._called.add(sleeper)
            raise
        for run in runs:
            self._start(run)
        claimed = {run.id for run in runs}
        for sleeper in sleepers:
            if sleeper.run_id in claimed:
                self._called.found(sleeper)
            else:
                self._called.miss(sleeper, is_held=sleeper.run_id in held)


def call_up(
    worker: str, now: int, workspace_id: int, sleepers: Sequence[Sleeper]
) -> Transaction[tuple[list[ClaimedRun], set[str]]]:
    """Claim those of the runs that rest, and let the steps that were called go on: each only if it
    still waits for what it was called for. Returns the runs, and the ids of those that are in
    somebody's hand."""
    wanted = list(dict.fromkeys(sleeper.run_id for sleeper in sleepers))
    runs = yield from claim_resting(worker, now, workspace_id, wanted)
    claimed = {run.id for run in runs}
    yield Updates(
        "token", ("workspace_id", "run_id", "node_id", "iteration", "wake_at"), (),
        ("int", "text", "text", "text", "bigint"),
        [(workspace_id, s.run_id, s.node_id, s.iteration, s.until)
         for s in sleepers if s.run_id in claimed],
        returning="run_id", fixed="wake_at = 0", only="token.state = 'retrying'",
    )  # fmt: skip
    held = yield Sql(
        "SELECT id FROM run WHERE workspace_id = $1 AND lease_until IS NOT NULL "  # noqa: S608
        f"AND id IN ({marks(2, wanted)})",
        (workspace_id, *wanted),
    )
    return runs, {row[0] for row in held} - claimed
