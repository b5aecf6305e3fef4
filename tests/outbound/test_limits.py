"""The pace that a provider can bear is kept, and found out from its complaints."""

import heapq
from dataclasses import dataclass, field

import pytest

from cartwheel.outbound import limits
from cartwheel.outbound.limits import ConnectionLimit, ConnectionLimits
from cartwheel.outbound.pace import (
    AT_ONCE_IN_THE_BEGINNING,
    RECOVERY_SECONDS,
    SLOWEST_PER_SECOND,
    Pace,
)

NOW = 1000.0
GO = 0.0
about = pytest.approx


def limit_of(per_second: float, burst: int = 1, at_once: int = 64) -> ConnectionLimit:
    return ConnectionLimit(Pace(per_second, burst, at_once))


def called(limit: ConnectionLimit, now: float, *, well: bool) -> None:
    limit.held += 1
    ended(limit, now, well=well)


def ended(limit: ConnectionLimit, now: float, *, well: bool) -> None:
    limit.end(limit.begin(now - 0.01), now, well=well)
    limit.leave()


def test_a_burst_goes_through_and_then_everybody_gets_a_turn() -> None:
    limit = limit_of(2, burst=3)
    assert [limit.admit(str(who), NOW) for who in range(6)] == about([GO, GO, GO, 0.5, 1.0, 1.5])


def test_whoever_comes_back_in_time_goes_and_is_not_overtaken() -> None:
    limit = limit_of(2)
    limit.admit("first", NOW)
    limit.admit("second", NOW)
    assert limit.admit("third", NOW + 0.5) == about(0.5)
    assert limit.admit("second", NOW + 0.5) == GO


def test_whoever_does_not_come_back_holds_up_nobody() -> None:
    limit = limit_of(2)
    limit.admit("first", NOW)
    for who in ("gone", "next"):
        limit.admit(who, NOW)
    assert limit.admit("next", NOW + 1) == GO


def test_no_more_calls_are_under_way_than_allowed() -> None:
    limit = limit_of(100, burst=100, at_once=2)
    for who in "ab":
        assert limit.admit(who, NOW) == GO
    assert limit.admit("c", NOW) > GO
    ended(limit, NOW, well=True)
    assert limit.admit("c", NOW) == GO


def test_a_new_connection_is_tried_with_a_few_calls_and_takes_more_with_each_that_goes_well() -> (
    None
):
    limit = limit_of(100, burst=200)
    went = [limit.admit(str(who), NOW) for who in range(20)].count(GO)
    assert went == AT_ONCE_IN_THE_BEGINNING
    for _ in range(went):
        ended(limit, NOW, well=True)
    assert [limit.admit(f"b{who}", NOW) for who in range(40)].count(GO) == 2 * went


def test_a_provider_that_asks_for_quiet_gets_it_from_everybody() -> None:
    limit = limit_of(10, burst=10)
    limit.hold(5, NOW)
    assert limit.admit("one", NOW + 1) == about(4)
    assert limit.admit("one", NOW + 5) == GO


def test_turns_inside_the_quiet_come_after_it() -> None:
    limit = limit_of(2)
    limit.admit("first", NOW)
    limit.admit("second", NOW)
    limit.hold(8, NOW)
    assert limit.admit("second", NOW + 0.5) == about(7.5)


def test_the_longer_of_two_quiets_counts() -> None:
    limit = limit_of(10)
    limit.hold(9, NOW)
    limit.hold(5, NOW)
    assert limit.admit("one", NOW) == about(9)


def test_after_the_quiet_they_go_one_by_one_slower_than_what_was_borne() -> None:
    limit = limit_of(100, burst=200)
    for tenth in range(20):
        called(limit, NOW + tenth / 10, well=True)
    limit.hold(1, NOW + 2)
    assert limit.per_second(NOW + 3) == about(0.7 * 10, rel=0.1)
    assert limit.admit("one", NOW + 3) == GO
    assert limit.admit("two", NOW + 3) == about(1 / 7, rel=0.1)


def test_a_complaint_about_a_single_call_halves_the_pace() -> None:
    limit = limit_of(40)
    limit.hold(1, NOW)
    assert limit.per_second(NOW + 1) == about(0.7 * 20)


def test_a_crowd_that_is_told_at_once_counts_once() -> None:
    limit = limit_of(40)
    for _ in range(20):
        limit.hold(1, NOW)
    assert limit.per_second(NOW + 1) == about(0.7 * 20)


def test_the_pace_comes_back_in_half_a_minute_and_then_tries_more() -> None:
    limit = limit_of(40)
    limit.hold(1, NOW)
    after = NOW + 1
    assert limit.per_second(after + RECOVERY_SECONDS) == about(20)
    assert limit.per_second(after + 2 * RECOVERY_SECONDS) == about(21)
    assert limit.per_second(after + 10 * RECOVERY_SECONDS) == 40


def test_a_pace_never_comes_to_a_standstill() -> None:
    limit = limit_of(40)
    for minute in range(60):
        limit.hold(1, NOW + 2 * minute)
    assert limit.per_second(NOW + 120) >= SLOWEST_PER_SECOND


@dataclass
class _Bucket:
    """A provider that takes so many calls a second, and so many at once."""

    per_second: float
    size: float
    arrivals: list[float] = field(default_factory=list)
    _left: float = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.size

    def takes(self, now: float) -> bool:
        passed = now - self.arrivals[-1] if self.arrivals else 0.0
        self._left = min(self._left + passed * self.per_second, self.size)
        self.arrivals.append(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True


@pytest.mark.parametrize(
    ("per_second", "size", "longest"), [(2.0, 1.0, 330), (2.0, 40.0, 330), (10.0, 10.0, 80)]
)
def test_t13_500_acts_at_a_provider_that_complains_are_all_taken_at_its_own_pace(
    per_second: float, size: float, longest: float
) -> None:
    """By a clock of the test's own: refusals included, not a tenth more calls arrive than it
    takes."""
    provider = _Bucket(per_second, size)
    done, seconds = _play(ConnectionLimit(Pace()), provider, acts=500)
    assert done == 500
    assert (len(provider.arrivals) - size) / seconds <= 1.1 * per_second
    assert seconds <= longest


def _play(limit: ConnectionLimit, provider: _Bucket, acts: int) -> tuple[int, float]:
    """How many were taken, and the seconds that it took. A call takes 50 ms; who is refused is
    asked to come back after a second."""
    ahead: list[tuple[float, int, bool | None]] = [(NOW, who, None) for who in range(acts)]
    done, now = 0, NOW
    while ahead:
        now, who, answer = heapq.heappop(ahead)
        if answer is None:
            wait = limit.admit(str(who), now)
            if not wait:
                heapq.heappush(ahead, (now + 0.05, who, provider.takes(now)))
            else:
                heapq.heappush(ahead, (now + wait, who, None))
            continue
        limit.end(limit.begin(now - 0.05), now, well=answer)
        limit.leave()
        done += answer
        if not answer:
            limit.hold(1.0, now)
            heapq.heappush(ahead, (now + 1 + who / 10_000, who, None))
    return done, now - NOW


def test_one_connection_does_not_hold_up_another() -> None:
    every = ConnectionLimits(Pace(per_second=1, burst=1))
    every.of("one", NOW).admit("a", NOW)
    assert every.of("one", NOW).admit("b", NOW) > GO
    assert every.of("two", NOW).admit("c", NOW) == GO


def test_idle_connections_are_forgotten_busy_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 2)
    every = ConnectionLimits()
    idle, busy = every.of("idle", NOW), every.of("busy", NOW)
    busy.admit("somebody", NOW)
    every.of("new", NOW)
    assert every.of("busy", NOW) is busy
    assert every.of("idle", NOW) is not idle
