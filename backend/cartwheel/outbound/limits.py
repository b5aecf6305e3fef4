"""Keeps the pace that a provider can bear, per connection. Pure: time comes in as an argument, in
seconds of a clock that never goes back.

Nobody waits here. Whoever comes too early is given a turn and goes away until then, so that
a crowd on one slow connection takes no room from the others. A provider that asks for a pause gets
it from everybody, and afterwards a slower pace that recovers by and by.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

MOST_CONNECTIONS = 10_000
MOST_TURNS = 100_000
SLOWEST_PER_SECOND = 0.5
RECOVERY_SECONDS = 30.0
"""In so long a pace that was slowed down doubles again."""

CROWDED_SECONDS = 2.0
"""Until whoever finds all places taken asks again; longer, the more of them there are."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a connection may do: calls per second, a burst, calls at a time."""

    per_second: float = 100.0
    burst: int = 200
    at_once: int = 64


@dataclass(slots=True)
class ConnectionLimit:
    """One connection's pace, the turns it gave away, and its calls under way.

    `_free_at` is when the next turn is; as far as it lies in the past, so much may go at once.
    """

    pace: Pace
    under_way: int = 0
    per_second: float = field(init=False)
    _held_until: float = field(default=0.0, init=False)
    _free_at: float = field(default=0.0, init=False)
    _paced_at: float = field(default=0.0, init=False)
    _turns: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.per_second = self.pace.per_second

    def admit(self, who: str, now: float) -> float:
        """0: go, between `begin` and `end`. Else: so many seconds until the turn of `who`."""
        self._recover(now)
        turn = self._turns.get(who)
        if turn is None or turn < self._held_until:
            turn = self._next_turn(now)
        if turn > now:
            self._keep(who, turn)
            return turn - now
        if self.under_way >= self.pace.at_once:
            self._keep(who, turn)
            return CROWDED_SECONDS * (1 + len(self._turns) // self.pace.at_once)
        self._turns.pop(who, None)
        return 0.0

    def begin(self) -> None:
        self.under_way += 1

    def end(self) -> None:
        self.under_way -= 1

    def hold(self, seconds: float, now: float) -> None:
        """The provider asked for quiet: nobody of this connection goes before then, and after it
        they go at half the pace, one by one. Several who are told at once count once."""
        self._recover(now)
        if now >= self._held_until:
            self.per_second = max(self.per_second / 2, SLOWEST_PER_SECOND)
        self._held_until = max(self._held_until, now + seconds)
        # What was saved up before the provider complained is no longer to be trusted, and turns
        # before then were given away for nothing.
        self._paced_at = self._free_at = self._held_until

    def idle(self, now: float) -> bool:
        """Whether forgetting this limit would change nothing."""
        self._recover(now)
        is_slowed = self.per_second < self.pace.per_second
        return not is_slowed and self.under_way == 0 and self._free_at <= now - self._burst_seconds

    @property
    def _burst_seconds(self) -> float:
        return (self.pace.burst - 1) / self.per_second

    def _next_turn(self, now: float) -> float:
        free_at = max(self._free_at, now - self._burst_seconds)
        self._free_at = free_at + 1 / self.per_second
        return max(now, free_at)

    def _keep(self, who: str, turn: float) -> None:
        if len(self._turns) >= MOST_TURNS:
            self._turns.clear()  # They ask again; only the order is lost.
        self._turns[who] = turn

    def _recover(self, now: float) -> None:
        if self.per_second < self.pace.per_second and now > self._paced_at:
            grown = self.per_second * 2 ** min((now - self._paced_at) / RECOVERY_SECONDS, 20.0)
            self.per_second = min(self.pace.per_second, grown)
            self._paced_at = now


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
