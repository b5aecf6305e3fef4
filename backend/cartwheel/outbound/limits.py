"""Lets calls out one connection at a time, or one address where a step uses no connection. Pure:
time comes in as an argument, in seconds of a clock that never goes back.

Nobody waits here. Whoever comes too early for the pace (`pace.py`), or finds all places taken, is
told when to come again and goes away until then, so that a crowd on one slow connection takes no
room from the others; when there is room sooner, the first in line are given a place and called.
There are few places in the beginning, and more with each call that goes well.
Why so: docs/decisions/0029-storage-and-pace.md and 0032-hands-and-bytes.md.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from cartwheel.outbound.pace import HAIR, Pace, Rate
from cartwheel.outbound.told import Level

MOST_CONNECTIONS = 10_000
LONGEST_LINE = 100_000
FAR_SECONDS = 10.0
EARLY_SHARE = 0.8
"""Whoever is far away is asked back a little early: the pace may have grown by then."""

SLOW_SECONDS = 1.0
"""Calls that take longer are slow: whoever waits for a place beside them gives his hand back."""

LONGEST_COMING_SECONDS = 5.0
"""Whoever was called and has not come by then will not."""

FORGOTTEN_SECONDS = 60.0
"""So long after his time somebody counts as gone, and those behind him move up."""

SHORTEST_SLEEP_SECONDS, LONGEST_SLEEP_SECONDS, ASKS_PER_SECOND = 30.0, 900.0, 10
"""Who waits for room is called. In case the call is lost (its worker died) he also comes by
himself, after so long; a long line no more often than so many a second."""


Call = Callable[[], object]
"""Tells somebody who waits that there is a place for him."""


@dataclass(slots=True)
class _Place:
    """Somebody in the line: his number, when his turn was said to come, and how he is called."""

    number: int
    promised_at: float = float("inf")
    waits_for_room: bool = False
    call: Call | None = None


@dataclass(slots=True)
class ConnectionLimit:
    """One connection's pace, those who wait for their turn, and the calls that hold a place."""

    pace: Pace
    held: int = 0
    _at_once: int = field(init=False)
    _rate: Rate = field(init=False)
    _line: OrderedDict[str, _Place] = field(default_factory=OrderedDict, init=False)
    _called: dict[str, float] = field(default_factory=dict, init=False)
    _last_number: int = field(default=0, init=False)
    _took: float = field(default=0.05, init=False)
    _calls: dict[int, float] = field(default_factory=dict, init=False)
    _last_call: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._rate = Rate(self.pace)
        self._at_once = self._at_first

    def per_second(self, now: float) -> float:
        """The present pace."""
        return self._rate.per_second(now)

    @property
    def has_a_line(self) -> bool:
        """Whether somebody waits or is on his way."""
        return bool(self._line or self._called)

    # --- a place ---

    def admit(self, who: str, now: float, room: int = LONGEST_LINE) -> float:
        """0: `who` holds a place until `leave`. Else: so many seconds until he may ask again.

        `room`: how many more places there are beside this connection's own bounds.
        """
        self._rate.earn(now)
        self._forget_gone(now)
        if self._called.pop(who, None) is not None:
            if now >= self._rate.quiet_until:
                return 0.0
            self.held -= 1
        place = self._place(who)
        wait = self._seconds_until(place, now)
        place.waits_for_room = min(self._at_once - self.held, room) <= 0
        if place.waits_for_room:
            wait = max(wait, self._seconds_until_room())
        if wait > 0:
            place.promised_at = now + wait
            return wait if wait < FAR_SECONDS else wait * EARLY_SHARE
        self._take_place(who)
        return 0.0

    def leave(self) -> None:
        """Somebody who was admitted gives his place back."""
        self.held -= 1

    def begin(self, now: float) -> int:
        """Somebody who was admitted calls now. Returns what `end` wants to know of the call."""
        self._last_call += 1
        self._calls[self._last_call] = now
        return self._last_call

    def end(self, call: int, now: float, *, well: bool, answered: bool = True) -> None:
        """A call has ended; `well`: the provider took it. One that does not answer at all gets
        half as many at a time."""
        self._took += (now - self._calls.pop(call) - self._took) / 8
        self._rate.note_end(now, well=well)
        if well:
            self._at_once = min(self._at_once + 1, self.pace.at_once)
        elif not answered:
            self._at_once = max(self._at_once // 2, self._at_first)

    # --- those who wait ---

    def waits_for_room(self, who: str) -> bool:
        """Whether a place is missing, and not only his turn."""
        place = self._line.get(who)
        return place is not None and place.waits_for_room

    def is_slow(self, now: float) -> bool:
        """Whether a place will hardly be free within a second, as far as anybody knows."""
        oldest = next(iter(self._calls.values()), now)
        return now - oldest > SLOW_SECONDS or self._seconds_until_room() > SLOW_SECONDS

    def is_moving(self, now: float) -> bool:
        """Whether calls end all the time."""
        return now - self._rate.last_end() < SLOW_SECONDS

    def wait(self, who: str, call: Call | None) -> None:
        """Somebody who was told to wait may be called in this way, or not any more."""
        if place := self._line.get(who):
            place.call = call

    def sleep(self, who: str, now: float) -> float:
        """Somebody who was told to wait goes away. Returns the seconds after which he comes by
        himself, if nobody calls him."""
        place = self._line.get(who)
        if place is None:  # The line was too long.
            return LONGEST_SLEEP_SECONDS
        if place.waits_for_room:
            alone = SHORTEST_SLEEP_SECONDS + len(self._line) / ASKS_PER_SECOND
            alone = min(alone, LONGEST_SLEEP_SECONDS)
            place.promised_at = max(place.promised_at, now + alone)
        return place.promised_at - now

    def forget(self, who: str) -> None:
        """Somebody in the line, or called, will not come."""
        if self._called.pop(who, None) is not None:
            self.held -= 1
        self._line.pop(who, None)

    def call_next(self, now: float, room: int = LONGEST_LINE) -> None:
        """Give what places there are to the first in line, and call them."""
        self._rate.earn(now)
        self._forget_gone(now)
        if now < self._rate.quiet_until:
            return
        places = min(self._at_once - self.held, room, int(self._rate.credit + HAIR))
        for who in [who for who, place in self._first(places)]:
            call = self._line[who].call
            self._take_place(who)
            self._called[who] = now
            if call:
                call()

    def _first(self, places: int) -> list[tuple[str, _Place]]:
        callable_ones = ((who, place) for who, place in self._line.items() if place.call)
        return list(islice(callable_ones, max(places, 0)))

    # --- what the provider says ---

    def hold(self, seconds: float, now: float) -> None:
        """The provider asked for quiet: nobody of this connection goes before then, and after it
        they go one by one, slower than it took them before. Several who are told at once count
        once."""
        self._rate.hold(seconds, now)
        self._at_once = self._at_first

    def heed_level(self, level: Level, now: float) -> None:
        """A provider told how full its bucket is. From three quarters on, what it lets through is
        the pace; where the next call would find too little left, it waits until there is enough."""
        self._rate.heed_level(level, now)

    def idle(self, now: float) -> bool:
        """Whether forgetting this limit would change nothing."""
        return self.held == 0 and not self._line and self._rate.idle(now)

    @property
    def _at_first(self) -> int:
        return min(self.pace.at_first, self.pace.at_once)

    # --- the line ---

    def _place(self, who: str) -> _Place:
        place = self._line.get(who)
        if place is None:
            if len(self._line) >= LONGEST_LINE:
                self._line.clear()  # They ask again; only the order is lost.
            self._last_number += 1
            place = self._line[who] = _Place(self._last_number)
        return place

    def _take_place(self, who: str) -> None:
        self._line.pop(who, None)
        self._rate.credit -= 1
        self.held += 1

    def _seconds_until_room(self) -> float:
        return self._took * (1 + len(self._line) / self._at_once)

    def _seconds_until(self, place: _Place, now: float) -> float:
        """Until the turn of somebody in the line; whose time has come needs to wait for no other,
        who may have gone."""
        ahead = place.number - next(iter(self._line.values())).number
        if now >= place.promised_at and self._rate.credit >= 1 - HAIR:
            ahead = 0
        return self._rate.seconds_until(ahead + 1, now)

    def _forget_gone(self, now: float) -> None:
        while self._called:
            who, called_at = next(iter(self._called.items()))
            if called_at >= now - LONGEST_COMING_SECONDS:
                break
            self.forget(who)
        while self._line:
            who, first = next(iter(self._line.items()))
            if first.promised_at == float("inf") or now < first.promised_at + FORGOTTEN_SECONDS:
                return
            self._line.pop(who, None)


class ConnectionLimits:
    """The limits of all connections of one process; the idle ones are forgotten."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._limits: OrderedDict[str, ConnectionLimit] = OrderedDict()

    def of(self, name: str, now: float, pace: Pace | None = None) -> ConnectionLimit:
        """The limit of this name, made on first use."""
        limit = self._limits.get(name)
        if limit is None:
            limit = self._limits[name] = ConnectionLimit(pace or self._pace)
            self._forget_idle(now)
        self._limits.move_to_end(name)
        return limit

    def _forget_idle(self, now: float) -> None:
        if len(self._limits) <= MOST_CONNECTIONS:
            return
        # All but the newest, which its caller is about to use.
        for name in list(self._limits)[:-1]:
            if self._limits[name].idle(now):
                del self._limits[name]
