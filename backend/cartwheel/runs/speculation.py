"""Runs that travel before their event is routed: one commit before an act instead of two.

When little is going on, the runs of a young event are computed at once, and their event is routed
in the same commit as what the first of them writes. Until then nothing has left and nothing is in
the book, so whoever loses the race for the event (two workers hear the same bell) has done nothing.

Left to `routing.take` are crowds (two workers would compute the same twice), heavy events, events
with filters or rules of entry (places are given out under locks), events that nobody takes by their
type, and what is older than a second: where a run stops its worker before anything is written,
nobody counts its crashes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import lru_cache

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.runs.chronicle import note_taken
from cartwheel.runs.claims import RoutedEvent, leaving_out
from cartwheel.runs.routing import LiveVersion, Taken, runs_of_event
from cartwheel.runs.rows import Birth, RunWrite
from cartwheel.runs.weighing import LIGHT_BYTES
from cartwheel.statements import Sql, Transaction
from cartwheel.values import dataclass

MOST_EVENTS = 8
YOUNG_MS = 1_000


class Speculation:
    """One event whose runs are in hand, and not in the book yet. `over` is called once: when the
    event is routed, or when all its runs have left without that."""

    def __init__(self, birth: Birth, over: Callable[["Speculation"], None]) -> None:
        self.birth, self._over = birth, over
        self.is_routed = False
        self._is_writing = False
        self._decided = asyncio.Event()
        self._travelling = len(birth.runs)

    async def write(self, changes: RunWrite, commit: Callable[[RunWrite], Awaitable[bool]]) -> bool:
        """The first write of one of the runs; the first of all routes the event. Returns whether
        the run may go on."""
        if self._is_writing:
            await self._decided.wait()
            return self.is_routed and await commit(changes)
        self._is_writing = True
        try:
            self.is_routed = await commit(replace(changes, birth=self.birth))
        finally:
            self._decided.set()
            if self.is_routed:
                self._over(self)
        return self.is_routed

    def leave(self) -> None:
        """One of the runs is no longer in hand."""
        self._travelling -= 1
        if not self._travelling and not self.is_routed:
            self._over(self)


@dataclass(frozen=True, slots=True)
class _Seen:
    births: list[Birth]
    sizes: list[int]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What goes ahead, and the sizes in bytes of the events that are left to `take`."""

    begun: list[Speculation]
    sizes: list[int]


class Speculations:
    """Those of one worker. `lost` is called when one came to nothing."""

    def __init__(self, database: Database, worker: str, lost: Callable[[], None]) -> None:
        self._database, self._worker, self._lost = database, worker, lost
        self._failed: set[str] = set()
        self.events: set[str] = set()

    async def begin(self, room: int) -> Outlook:
        """Look at the events that nobody has routed, and begin with those that can go ahead: at
        most `room` runs."""
        seen = await self._database.ask(_foreseen(self._worker, room, self.events, self._failed))
        self.events.update(birth.event.id for birth in seen.births)
        self._failed.clear()
        begun = [Speculation(birth, self._is_over) for birth in seen.births]
        return Outlook(begun, seen.sizes)

    def _is_over(self, speculation: Speculation) -> None:
        birth = speculation.birth
        self.events.discard(birth.event.id)
        if speculation.is_routed:
            note_taken(Taken(1, list(birth.runs)))
            return
        self._failed.add(birth.event.id)
        self._lost()


def _foreseen(
    worker: str, room: int, in_hand: Collection[str], failed: Collection[str]
) -> Transaction[_Seen]:
    sight = yield from next_events(room, in_hand)
    now = now_ms()
    births: list[Birth] = []
    for event in sight.events:
        takers = [version for version in sight.versions if version.takes(event)]
        runs = runs_of_event(event, takers, now)
        is_young = abs(now - event.received_at) < YOUNG_MS
        is_plain = is_young and event.id not in failed and not any(v.gated for v in takers)
        if runs and is_plain and len(runs) <= room:
            births.append(Birth(event, tuple(runs), worker))
            room -= len(runs)
    return _Seen(births, sight.sizes[len(births) :])


@dataclass(frozen=True, slots=True)
class _Sight:
    """The bytes of the next events that nobody has looked at; these events themselves where they
    are few and light, and the versions that are live for their types."""

    sizes: list[int]
    events: list[RoutedEvent]
    versions: list[LiveVersion]


def next_events(room: int, in_hand: Collection[str]) -> Transaction[_Sight]:
    """Calm is asked about first, and needs no second question."""
    few = min(MOST_EVENTS, room)
    rows = yield Sql(_in_sight(leaving_out(3, in_hand)), (few + 1, LIGHT_BYTES, *in_hand))
    sizes = [row[0] for row in rows if row[0] is not None]
    events = [RoutedEvent(*tuple(row)[1:_EVENT_ENDS]) for row in rows if row[0] is not None]
    if len(events) > few or any(event.data is None for event in events):
        return _Sight((yield from sizes_of_events(room, in_hand)), [], [])
    versions = [LiveVersion(*tuple(row)[_EVENT_ENDS:]) for row in rows if row[0] is None]
    return _Sight(sizes, events, versions)


_EVENT_ENDS = 12


@lru_cache(maxsize=64)
def _in_sight(but: str) -> str:
    """Events, the oldest first, then the live versions for their types: one journey for both, so a
    row holds the columns of either. Light ones alone come with their data."""
    return f"""
    WITH next AS (
        SELECT octet_length(data) AS size, workspace_id, id, type, received_at, label, contact,
            CASE WHEN octet_length(data) < $2 THEN data END AS data, only_workflow_id, depth,
            root_id, source
        FROM event WHERE routed_at IS NULL {but}ORDER BY received_at LIMIT $1
    )
    SELECT next.*, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM next
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        a.workspace_id, a.workflow_id, a.version, a.event_type, a.live_from, a.live_until, a.gated
    FROM (SELECT DISTINCT workspace_id, type FROM next) kind
    JOIN activation a ON a.workspace_id = kind.workspace_id AND a.event_type = kind.type
    ORDER BY 5
    """  # noqa: S608


def sizes_of_events(limit: int, but: Collection[str] = ()) -> Transaction[list[int]]:
    """The bytes of the next events that nobody has looked at (`but` not of these)."""
    rows = yield Sql(
        "SELECT octet_length(data) FROM event WHERE routed_at IS NULL "  # noqa: S608
        f"{leaving_out(2, but)}ORDER BY received_at LIMIT $1",
        (limit, *but),
    )
    return [row[0] for row in rows]
