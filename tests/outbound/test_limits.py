"""The pace that a provider can bear is kept, and found out from its complaints."""

import pytest

from cartwheel.outbound import limits
from cartwheel.outbound.limits import (
    CROWDED_SECONDS,
    RECOVERY_SECONDS,
    ConnectionLimit,
    ConnectionLimits,
    Pace,
)

NOW = 1000.0
GO = 0.0


def limit_of(per_second: float, burst: int = 1, at_once: int = 64) -> ConnectionLimit:
    return ConnectionLimit(Pace(per_second, burst, at_once))


def test_a_burst_goes_through_and_then_everybody_gets_a_turn() -> None:
    limit = limit_of(2, burst=3)
    assert [limit.admit(str(who), NOW) for who in range(6)] == [GO, GO, GO, 0.5, 1.0, 1.5]


def test_whoever_comes_back_in_time_goes_and_is_not_overtaken() -> None:
    limit = limit_of(2)
    limit.admit("first", NOW)
    limit.admit("second", NOW)
    assert limit.admit("third", NOW + 0.5) == 0.5
    assert limit.admit("second", NOW + 0.5) == GO


def test_asking_again_too_early_costs_nobody_a_turn() -> None:
    limit = limit_of(1)
    limit.admit("first", NOW)
    assert [limit.admit("second", NOW + tenth / 10) for tenth in range(9, 11)] == [
        pytest.approx(0.1), GO,
    ]  # fmt: skip
    assert limit.admit("third", NOW + 1) == 1


def test_500_calls_never_exceed_the_pace() -> None:
    limit = limit_of(2)
    turns = sorted(NOW + limit.admit(str(who), NOW) for who in range(500))
    assert turns[-1] - turns[0] == pytest.approx(499 / 2)
    assert all(limit.admit(str(who), NOW + who / 2) == GO for who in range(1, 500))


def test_no_more_calls_are_under_way_than_allowed() -> None:
    limit = limit_of(100, burst=100, at_once=2)
    for who in "ab":
        assert limit.admit(who, NOW) == GO
        limit.begin()
    assert limit.admit("c", NOW) == CROWDED_SECONDS
    assert limit.admit("d", NOW) == 2 * CROWDED_SECONDS
    limit.end()
    assert limit.admit("c", NOW) == GO


def test_a_provider_that_asks_for_quiet_gets_it_from_everybody() -> None:
    limit = limit_of(10, burst=10)
    limit.hold(30, NOW)
    assert limit.admit("one", NOW + 10) == 20
    assert limit.admit("one", NOW + 30) == GO


def test_turns_inside_the_quiet_are_given_anew_after_it() -> None:
    limit = limit_of(2)
    limit.admit("first", NOW)
    limit.admit("second", NOW)
    limit.hold(10, NOW)
    assert limit.admit("second", NOW + 0.5) == 9.5


def test_the_longer_of_two_quiets_counts() -> None:
    limit = limit_of(10)
    limit.hold(30, NOW)
    limit.hold(5, NOW)
    assert limit.admit("one", NOW) == 30


def test_after_the_quiet_they_go_one_by_one_at_half_the_pace() -> None:
    limit = limit_of(4, burst=40)
    limit.hold(30, NOW)
    after = NOW + 30
    assert [limit.admit(who, after) for who in "ab"] == [GO, 0.5]


def test_a_crowd_that_is_told_at_once_halves_the_pace_once() -> None:
    limit = limit_of(40)
    for _ in range(20):
        limit.hold(1, NOW)
    assert limit.per_second == 20


def test_the_pace_recovers_by_and_by() -> None:
    limit = limit_of(40)
    limit.hold(1, NOW)
    limit.hold(1, NOW + 2)
    limit.admit("one", NOW + 3 + RECOVERY_SECONDS)
    assert 20 < limit.per_second < 21


def test_a_pace_never_comes_to_a_standstill() -> None:
    limit = limit_of(40)
    for minute in range(60):
        limit.hold(1, NOW + 2 * minute)
    assert limit.per_second >= limits.SLOWEST_PER_SECOND


def test_one_connection_does_not_hold_up_another() -> None:
    every = ConnectionLimits(Pace(per_second=1, burst=1))
    every.of("one", NOW).admit("a", NOW)
    assert every.of("one", NOW).admit("b", NOW) > GO
    assert every.of("two", NOW).admit("c", NOW) == GO


def test_idle_connections_are_forgotten_busy_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 2)
    every = ConnectionLimits()
    idle, busy = every.of("idle", NOW), every.of("busy", NOW)
    busy.begin()
    every.of("new", NOW)
    assert every.of("busy", NOW) is busy
    assert every.of("idle", NOW) is not idle
