"""Keeps the pace that a provider can bear, per connection. Pure: time comes in as an argument, in
seconds of a clock that never goes back.

Nobody waits here. Whoever comes too early is told when to come again and goes away until then, so
that a crowd on one slow connection takes no room from the others. How much a provider bears is
learnt: few calls at once in the beginning, more with each that goes well; after a complaint what
was really taken shortly before is the measure (`Learnt`).
Why so: docs/decisions/0029-storage-and-pace.md.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_CONNECTIONS = 10_000
LONGEST_LINE = 100_000
SLOWEST_PER_SECOND = 0.5
AT_ONCE_IN_THE_BEGINNING = 8
MEASURED_SECONDS = 5.0
FEWEST_MEASURED = 4
"""Calls in that time; fewer say nothing of what the provider bears."""

RECOVERY_SECONDS = 30.0
CAREFUL_SHARE = 0.7
FAR_SECONDS = 10.0
EARLY_SHARE = 0.8
"""Whoever is far away is asked back a little early: the pace may have grown by then."""

LONGEST_LEAVING_SECONDS = 5.0
"""Whoever was admitted and has not called by then will not."""

FORGOTTEN_SECONDS = 60.0
"""So long after his time somebody counts as gone, and those behind him move up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a connection may do: calls per second, a burst, calls at a time."""

    per_second: float = 100.0
    burst: int = 200
    at_once: int = 64


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a complaint taught: the provider bears about `ceiling` calls a second.

    From `since` on the pace begins below it, comes near it in half a minute, and then tries more:
    a twentieth at first, faster and faster as long as nobody complains.
    """

    ceiling: float
    since: float

    def per_second(self, now: float) -> float:
        phases = max(now - self.since, 0.0) / RECOVERY_SECONDS
        if phases < 1:
            return float(self.ceiling * CAREFUL_SHARE ** (1 - phases))
        return float(self.ceiling * 1.05 ** (2 ** min(phases - 1, 8.0) - 1))


@dataclass(slots=True)
class _Place:
    """Somebody in the line: his number, and when his turn was said to come."""

    number: int
    promised_at: float = float("inf")


@dataclass(slots=True)
class ConnectionLimit:
    """One connection's pace, those who wait for their turn, and its calls under way."""

    pace: Pace
    under_way: int = 0
    _at_once: int = field(init=False)
    _learnt: Learnt | None = field(default=None, init=False)
    _held_until: float = field(default=0.0, init=False)
    _credit: float = field(init=False)
    _credited_at: float = field(default=0.0, init=False)
    _line: OrderedDict[str, _Place] = field(default_factory=OrderedDict, init=False)
    _last_number: int = field(default=0, init=False)
    _went_well: deque[float] = field(default_factory=lambda: deque(maxlen=1_000), init=False)
    _ended: deque[float] = field(default_factory=lambda: deque(maxlen=FEWEST_MEASURED), init=False)
    _took: float = field(default=0.05, init=False)
    _leaving: deque[float] = field(default_factory=deque, init=False)

    def __post_init__(self) -> None:
        self._credit = float(self.pace.burst)
        self._at_once = min(AT_ONCE_IN_THE_BEGINNING, self.pace.at_once)

    def per_second(self, now: float) -> float:
        """The present pace."""
        if self._learnt is None:
            return self.pace.per_second
        return min(self.pace.per_second, self._learnt.per_second(now))

    def admit(self, who: str, now: float) -> float:
        """0: go, between `begin` and `end`. Else: so many seconds until `who` may ask again."""
        self._earn(now)
        self._forget_gone(now)
        place = self._place(who)
        wait = self._seconds_until(place, now)
        if wait <= 0 and self.under_way + len(self._leaving) >= self._at_once:
            wait = self._took * (1 + len(self._line) / self._at_once)
        if wait > 0:
            place.promised_at = now + wait
            return wait if wait < FAR_SECONDS else wait * EARLY_SHARE
        del self._line[who]
        self._credit -= 1
        self._leaving.append(now)
        return 0.0

    def begin(self) -> None:
        """Somebody who was admitted calls now."""
        if self._leaving:
            self._leaving.popleft()
        self.under_way += 1

    def end(self, now: float, seconds: float, *, well: bool) -> None:
        """A call has ended after so long; `well`: the provider took it."""
        self.under_way -= 1
        self._took += (seconds - self._took) / 8
        self._ended.append(now)
        if well:
            self._went_well.append(now)
            self._at_once = min(self._at_once + 1, self.pace.at_once)

    def hold(self, seconds: float, now: float) -> None:
        """The provider asked for quiet: nobody of this connection goes before then, and after it
        they go one by one, slower than it took them before. Several who are told at once count
        once."""
        if now >= self._held_until:
            ceiling = max(self._borne(now), SLOWEST_PER_SECOND / CAREFUL_SHARE)
        else:
            ceiling = self._learnt.ceiling if self._learnt else self.pace.per_second
        self._held_until = max(self._held_until, now + seconds)
        self._learn(ceiling, self._held_until)
        self._at_once = min(AT_ONCE_IN_THE_BEGINNING, self.pace.at_once)

    def heed_level(self, used: int, size: int, now: float) -> None:
        """A provider that counts by a leaking bucket told how full it is. Such buckets empty in
        about 20 seconds, so that is the pace from three quarters on."""
        if size > 0 and used >= size * 3 / 4 and now >= self._held_until:
            self._learn(size / 20, now)

    def idle(self, now: float) -> bool:
        """Whether forgetting this limit would change nothing."""
        self._earn(now)
        is_slowed = self.per_second(now) < self.pace.per_second
        is_used = self.under_way > 0 or bool(self._line) or self._credit < self.pace.burst
        return not is_slowed and not is_used

    # --- the pace ---

    def _learn(self, ceiling: float, since: float) -> None:
        # What was saved up before the provider complained is no longer to be trusted.
        self._learnt = Learnt(ceiling, since)
        self._credit, self._credited_at = 1.0, since

    def _borne(self, now: float) -> float:
        """How many calls a second the provider has taken lately, as far as we tried."""
        present = self.per_second(now)
        if len(self._ended) < FEWEST_MEASURED or self._ended[0] < now - MEASURED_SECONDS:
            return present / 2
        lately = [moment for moment in self._went_well if moment >= now - MEASURED_SECONDS]
        seconds = max(now - lately[0], 1.0) if lately else 1.0
        return min(len(lately) / seconds, present)

    def _earn(self, now: float) -> None:
        if now <= self._credited_at:
            return
        if self._learnt and self.per_second(now) >= self.pace.per_second:
            self._learnt = None
        most = 1.0 if self._learnt else float(self.pace.burst)
        earned = (now - self._credited_at) * self.per_second(now)
        self._credit, self._credited_at = min(self._credit + earned, most), now

    # --- the line ---

    def _place(self, who: str) -> _Place:
        place = self._line.get(who)
        if place is None:
            if len(self._line) >= LONGEST_LINE:
                self._line.clear()  # They ask again; only the order is lost.
            self._last_number += 1
            place = self._line[who] = _Place(self._last_number)
        return place

    def _seconds_until(self, place: _Place, now: float) -> float:
        """Until the turn of somebody in the line; whose time has come needs to wait for no other,
        who may have gone."""
        quiet = max(self._held_until - now, 0.0)
        ahead = place.number - next(iter(self._line.values())).number
        if now >= place.promised_at:
            ahead = 0 if self._credit >= 1 - _HAIR else ahead
        missing = ahead + 1 - self._credit
        return quiet + (max(missing, 0.0) / self.per_second(now) if missing > _HAIR else 0.0)

    def _forget_gone(self, now: float) -> None:
        while self._leaving and self._leaving[0] < now - LONGEST_LEAVING_SECONDS:
            self._leaving.popleft()
        while self._line:
            who, first = next(iter(self._line.items()))
            if first.promised_at == float("inf") or now < first.promised_at + FORGOTTEN_SECONDS:
                return
            del self._line[who]


_HAIR = 1e-6
_LEVEL_HEADER = "x-shopify-shop-api-call-limit"


def told_level(headers: Mapping[str, str]) -> tuple[int, int] | None:
    """How full a provider says that its bucket is: used, and its size ("32/40")."""
    given = next((text for name, text in headers.items() if name.lower() == _LEVEL_HEADER), "")
    used, _, size = given.partition("/")
    if not (used.isdecimal() and size.isdecimal() and len(given) < 20):
        return None
    return int(used), int(size)


class ConnectionLimits:
    """The limits of all connections of one process; the idle ones are forgotten."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._limits: OrderedDict[str, ConnectionLimit] = OrderedDict()

    def of(self, connection_id: str, now: float) -> ConnectionLimit:
        """The connection's limit, made on first use."""
        limit = self._limits.get(connection_id)
        if limit is None:
            limit = self._limits[connection_id] = ConnectionLimit(self._pace)
            self._forget_idle(now)
        self._limits.move_to_end(connection_id)
        return limit

    def _forget_idle(self, now: float) -> None:
        if len(self._limits) <= MOST_CONNECTIONS:
            return
        # All but the newest, which its caller is about to use.
        for connection_id in list(self._limits)[:-1]:
            if self._limits[connection_id].idle(now):
                del self._limits[connection_id]
