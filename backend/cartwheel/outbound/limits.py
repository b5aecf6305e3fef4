"""Keeps the pace a provider asks for, per connection. Pure: time comes in as an argument."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER = timedelta(hours=6)
CROWDED_WAIT = timedelta(milliseconds=50)
MOST_CONNECTIONS = 10_000

_NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a provider allows one connection: calls per second, a burst, calls at a time."""

    per_second: float = 10.0
    burst: int = 20
    at_once: int = 32


@dataclass(slots=True)
class ConnectionLimit:
    """One connection's token bucket and its calls under way."""

    pace: Pace
    under_way: int = 0
    held_until: datetime | None = None
    _tokens: float = field(init=False)
    _filled_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._tokens = float(self.pace.burst)

    def admit(self, now: datetime) -> timedelta:
        """Zero: go, and call `leave` afterwards. Else: ask again after this long."""
        if self.held_until and now < self.held_until:
            return self.held_until - now
        if self.under_way >= self.pace.at_once:
            return CROWDED_WAIT
        self._fill(now)
        if self._tokens < 1:
            return timedelta(seconds=(1 - self._tokens) / self.pace.per_second)
        self._tokens -= 1
        self.under_way += 1
        return _NOW

    def leave(self) -> None:
        """An admitted call has ended, however it ended."""
        self.under_way = max(0, self.under_way - 1)

    def hold(self, wait: timedelta, now: datetime) -> None:
        """The provider asked for quiet: nobody of this connection goes before then."""
        self.held_until = max(self.held_until or now, now + wait)
        # What was saved up before the provider complained is no longer to be trusted.
        self._tokens, self._filled_at = min(self._tokens, 1.0), self.held_until

    def idle(self, now: datetime) -> bool:
        """Whether forgetting this limit would change nothing."""
        self._fill(now)
        held = self.held_until is not None and now < self.held_until
        return not held and self.under_way == 0 and self._tokens >= self.pace.burst

    def _fill(self, now: datetime) -> None:
        # A clock set back must not drain the bucket.
        elapsed = max(_NOW, now - (self._filled_at or now)).total_seconds()
        self._tokens = min(self.pace.burst, self._tokens + elapsed * self.pace.per_second)
        self._filled_at = max(self._filled_at or now, now)


class ConnectionLimits:
    """The limits of all connections of one process; the idle ones are forgotten."""

    def __init__(self) -> None:
        self._limits: OrderedDict[str, ConnectionLimit] = OrderedDict()

    def of(self, connection_id: str, pace: Pace, now: datetime) -> ConnectionLimit:
        """The connection's limit, made on first use with the app's pace."""
        limit = self._limits.get(connection_id)
        if limit is None:
            limit = self._limits[connection_id] = ConnectionLimit(pace)
            self._forget_idle(now)
        self._limits.move_to_end(connection_id)
        return limit

    def _forget_idle(self, now: datetime) -> None:
        if len(self._limits) <= MOST_CONNECTIONS:
            return
        # All but the newest, which its caller is about to use.
        for connection_id in list(self._limits)[:-1]:
            if self._limits[connection_id].idle(now):
                del self._limits[connection_id]


def parse_retry_after(
    value: str | None, now: datetime, longest: timedelta = LONGEST_RETRY_AFTER
) -> timedelta | None:
    """The wait that a `Retry-After` header asks for, in seconds or as an HTTP date.

    None when there is none or it cannot be read; never negative, never above `longest`.
    """
    text = (value or "").strip()
    wait = _seconds(text) if text.replace(".", "", 1).isdecimal() else _until(text, now)
    return None if wait is None else min(max(wait, _NOW), longest)


def _seconds(text: str) -> timedelta:
    # Some providers send fractions; ten digits are more than any wait.
    return timedelta(seconds=min(float(text), 1e9))


def _until(text: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
