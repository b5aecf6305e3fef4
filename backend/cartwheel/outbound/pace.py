"""How fast a provider may be called, and how that is learnt. Pure: time comes in as an argument, in
seconds of a clock that never goes back.

A connection has a pace. A complaint teaches what the provider really bears: what it took shortly
before is the measure (`Learnt`), and what it tells of its bucket counts before it complains.
Why so: docs/decisions/0029-storage-and-pace.md.
"""

from collections import deque
from dataclasses import dataclass, field

from cartwheel.outbound.told import Level

SLOWEST_PER_SECOND, USUAL_PER_SECOND = 0.5, 100.0
AT_ONCE_IN_THE_BEGINNING = 8
MEASURED_SECONDS = 5.0
FEWEST_MEASURED = 4
"""Calls in that time; fewer say nothing of what the provider bears."""

RECOVERY_SECONDS = 30.0
CAREFUL_SHARE = 0.7
HAIR = 1e-6
"""What may be missing of a call's credit: sums of parts are not exact."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a connection may do: calls per second, a burst, calls at a time at most and at first."""

    per_second: float = USUAL_PER_SECOND
    burst: int = 200
    at_once: int = 64
    at_first: int = AT_ONCE_IN_THE_BEGINNING


ADDRESS_PACE = Pace(per_second=10_000.0, burst=20_000, at_once=192, at_first=32)
"""Of an address that is called without a connection: nobody's account is at stake, so only the
calls at a time are bounded until it complains."""


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
class Rate:
    """What may be called by now: credit that grows with the pace, and none while the provider wants
    quiet."""

    pace: Pace
    quiet_until: float = 0.0
    credit: float = field(init=False)
    _credited_at: float = field(default=0.0, init=False)
    _learnt: Learnt | None = field(default=None, init=False)
    _went_well: deque[float] = field(default_factory=lambda: deque(maxlen=1_000), init=False)
    _ended: deque[float] = field(default_factory=lambda: deque(maxlen=FEWEST_MEASURED), init=False)

    def __post_init__(self) -> None:
        self.credit = float(self.pace.burst)

    def per_second(self, now: float) -> float:
        """The present pace."""
        if self._learnt is None:
            return self.pace.per_second
        return min(self.pace.per_second, self._learnt.per_second(now))

    def earn(self, now: float) -> None:
        """Credit for the time that has passed."""
        if now <= self._credited_at:
            return
        if self._learnt and self.per_second(now) >= self.pace.per_second:
            self._learnt = None
        most = 1.0 if self._learnt else float(self.pace.burst)
        earned = (now - self._credited_at) * self.per_second(now)
        self.credit, self._credited_at = min(self.credit + earned, most), now

    def seconds_until(self, credit: float, now: float) -> float:
        """Until there is so much of it, after the quiet."""
        quiet, missing = max(self.quiet_until - now, 0.0), credit - self.credit
        return quiet + (max(missing, 0.0) / self.per_second(now) if missing > HAIR else 0.0)

    def note_end(self, now: float, *, well: bool) -> None:
        """A call has ended; `well`: the provider took it."""
        self._ended.append(now)
        if well:
            self._went_well.append(now)

    def last_end(self) -> float:
        """When a call ended last."""
        return self._ended[-1] if self._ended else float("-inf")

    def hold(self, seconds: float, now: float) -> None:
        """The provider asked for quiet, and after it for less than it took before. Several
        complaints at once count once."""
        if now >= self.quiet_until:
            ceiling = max(self._borne(now), SLOWEST_PER_SECOND / CAREFUL_SHARE)
        else:
            ceiling = self._learnt.ceiling if self._learnt else self.pace.per_second
        self.quiet_until = max(self.quiet_until, now + seconds)
        self._learn(ceiling, self.quiet_until, credit=1.0)

    def heed_level(self, level: Level, now: float) -> None:
        """A provider told how full its bucket is. From three quarters on, what it lets through is
        the pace; where the next call would find too little left, it waits until there is enough."""
        if level.is_high and now >= self.quiet_until:
            self.earn(now)
            ceiling = max(level.per_second, SLOWEST_PER_SECOND / CAREFUL_SHARE)
            self._learn(ceiling, now, credit=min(self.credit, 1.0))
            self.quiet_until = now + level.seconds_until_enough

    def idle(self, now: float) -> bool:
        """Whether there is nothing to remember."""
        self.earn(now)
        return self.per_second(now) >= self.pace.per_second and self.credit >= self.pace.burst

    def _learn(self, ceiling: float, since: float, credit: float) -> None:
        # What was saved up before the provider complained is no longer to be trusted.
        self._learnt = Learnt(ceiling, since)
        self.credit, self._credited_at = credit, since

    def _borne(self, now: float) -> float:
        """How many calls a second the provider has taken lately, as far as we tried."""
        present = self.per_second(now)
        if len(self._ended) < FEWEST_MEASURED or self._ended[0] < now - MEASURED_SECONDS:
            return min(present, USUAL_PER_SECOND) / 2
        lately = [moment for moment in self._went_well if moment >= now - MEASURED_SECONDS]
        seconds = max(now - lately[0], 1.0) if lately else 1.0
        return min(len(lately) / seconds, present)
