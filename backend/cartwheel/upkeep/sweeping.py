"""The worker's quiet side: takes away what retention lets go, a little at a time."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cartwheel import tally
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.rounds import go_rounds
from cartwheel.statements import Sql, Transaction
from cartwheel.upkeep import retention
from cartwheel.upkeep.idle_counters import idle_counters, take_counters_away
from cartwheel.upkeep.retention import Sweep, begin_sweep, is_sweep_due, over_of, place_after

LOOK_EVERY_SECONDS = 60.0
TAKEN_AT_ONCE = 100
SHORTEST_PAUSE_SECONDS = 0.02
_PAUSE_PER_WORK = 4
"""Four fifths of the time belong to whoever else wants the database."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of thing that goes: what is old, and how it is taken away."""

    name: str
    oldest: Callable[[int, int, str], Sql]
    take_away: Callable[[int, int, Sequence[str]], Transaction[int]]


_RUNS = _Kind("runs", retention.oldest_runs, retention.take_runs_away)
_EVENTS = _Kind("events", retention.oldest_events, retention.take_events_away)
_OUTBOX = _Kind("outbox", retention.oldest_messages, retention.take_messages_away)
_COUNTERS = _Kind("counters", idle_counters, take_counters_away)


async def sweep_for_ever(database: Database) -> None:
    """Give each workspace its turn; at most one worker has it at a time."""

    async def look() -> None:
        while await sweep_one(database) is not None:
            pass

    await go_rounds(look, LOOK_EVERY_SECONDS, "sweeping")


async def sweep_one(database: Database) -> dict[str, int] | None:
    """Sweep the workspace whose turn it is; how many of each kind went, or None where none is."""
    if not await database.fetch(is_sweep_due(now_ms())):
        return None
    sweep = await database.run(begin_sweep(now_ms()))
    if sweep is None:
        return None
    gone = {kind.name: await _take(database, sweep, kind, before) for kind, before in _due(sweep)}
    for name, number in gone.items():
        tally.add("swept", name, number)
    if any(gone.values()):
        words = ", ".join(f"{number} {name}" for name, number in gone.items() if number)
        _log.info("took away what workspace %d no longer keeps: %s", sweep.workspace_id, words)
    return gone


def _due(sweep: Sweep) -> list[tuple[_Kind, int]]:
    """Runs before events: an event goes only once its runs have. A counter ends with its window."""
    kinds = (
        (_OUTBOX, sweep.outbox_before),
        (_RUNS, sweep.runs_before),
        (_EVENTS, sweep.events_before),
        (_COUNTERS, now_ms()),
    )
    return [(kind, before) for kind, before in kinds if before is not None]


async def _take(database: Database, sweep: Sweep, kind: _Kind, before: int) -> int:
    """Go through everything of one kind that is old enough, once."""
    gone, last = 0, ""
    while True:
        began = time.monotonic()
        rows = await database.fetch(kind.oldest(sweep.workspace_id, before, last))
        if not rows:
            return gone
        last, ids = place_after(rows), over_of(rows)
        for start in range(0, len(ids), TAKEN_AT_ONCE):
            began = time.monotonic()
            piece = ids[start : start + TAKEN_AT_ONCE]
            gone += await database.run(kind.take_away(sweep.workspace_id, before, piece))
            await _give_way(began)
        await _give_way(began)


async def _give_way(began: float) -> None:
    spent = time.monotonic() - began
    await asyncio.sleep(max(SHORTEST_PAUSE_SECONDS, _PAUSE_PER_WORK * spent))
