"""The pace a provider asks for is kept, and what it says about waiting is understood."""

from datetime import UTC, datetime, timedelta

import pytest

from cartwheel.outbound import limits
from cartwheel.outbound.limits import (
    CROWDED_WAIT,
    ConnectionLimit,
    ConnectionLimits,
    Pace,
    parse_retry_after,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
GO = timedelta(0)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_burst_goes_through_and_then_the_pace_holds() -> None:
    limit = ConnectionLimit(Pace(per_second=2, burst=3))

    assert [limit.admit(NOW) for _ in range(4)] == [GO, GO, GO, seconds(0.5)]


def test_the_wait_it_names_is_long_enough() -> None:
    limit = ConnectionLimit(Pace(per_second=3, burst=1))
    limit.admit(NOW)

    assert limit.admit(NOW + limit.admit(NOW) + timedelta(microseconds=1)) == GO


def test_500_calls_never_exceed_the_pace() -> None:
    limit, now = ConnectionLimit(Pace(per_second=2, burst=1)), NOW
    for _ in range(500):
        while wait := limit.admit(now):
            now += wait
        limit.leave()

    assert now - NOW >= seconds(499 / 2 - 0.001)
    assert now - NOW <= seconds(499 / 2 + 1)


def test_no_more_calls_are_under_way_than_allowed() -> None:
    limit = ConnectionLimit(Pace(per_second=100, burst=100, at_once=2))
    admitted = [limit.admit(NOW) for _ in range(3)]
    limit.leave()

    assert admitted == [GO, GO, CROWDED_WAIT]
    assert limit.admit(NOW) == GO


def test_a_provider_that_asks_for_quiet_gets_it() -> None:
    limit = ConnectionLimit(Pace(per_second=10, burst=10))
    limit.hold(seconds(30), NOW)

    assert limit.admit(NOW + seconds(10)) == seconds(20)
    assert limit.admit(NOW + seconds(30)) == GO


def test_the_longer_of_two_quiets_counts() -> None:
    limit = ConnectionLimit(Pace())
    limit.hold(seconds(30), NOW)
    limit.hold(seconds(5), NOW)

    assert limit.admit(NOW) == seconds(30)


def test_after_the_quiet_there_is_no_burst() -> None:
    limit = ConnectionLimit(Pace(per_second=2, burst=40))
    limit.hold(seconds(30), NOW)

    after = NOW + seconds(30)
    assert [limit.admit(after), limit.admit(after)] == [GO, seconds(0.5)]


def test_a_clock_set_back_neither_drains_nor_fills_the_bucket() -> None:
    limit = ConnectionLimit(Pace(per_second=1, burst=1))
    limit.admit(NOW)

    assert limit.admit(NOW - seconds(3600)) == seconds(1)
    assert limit.admit(NOW + seconds(1)) == GO


def test_one_connection_does_not_hold_up_another() -> None:
    every = ConnectionLimits()
    slow = Pace(per_second=1, burst=1)
    every.of("one", slow, NOW).admit(NOW)

    assert every.of("one", slow, NOW).admit(NOW) > GO
    assert every.of("two", slow, NOW).admit(NOW) == GO


def test_idle_connections_are_forgotten_busy_and_held_ones_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 2)
    every, pace = ConnectionLimits(), Pace()
    idle, busy = every.of("idle", pace, NOW), every.of("busy", pace, NOW)
    busy.admit(NOW)
    every.of("new", pace, NOW)

    assert every.of("busy", pace, NOW) is busy
    assert every.of("idle", pace, NOW) is not idle


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("30", seconds(30)),
        (" 30 ", seconds(30)),
        ("2.0", seconds(2)),
        ("0", GO),
        ("Sun, 22 Nov 2026 09:31:00 GMT", seconds(60)),
        ("Sunday, 22-Nov-26 09:31:00 GMT", seconds(60)),
        ("Sun Nov 22 09:31:00 2026", seconds(60)),
        ("Sun, 22 Nov 2026 10:31:00 +0100", seconds(60)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", GO),
        ("99999999", timedelta(hours=6)),
        ("9" * 400, timedelta(hours=6)),
        ("Sun, 22 Nov 2099 09:31:00 GMT", timedelta(hours=6)),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("inf", None),
        ("Sun, 99 Nov 2026 09:31:00 GMT", None),
        ("٣٠", seconds(30)),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, wait: timedelta | None) -> None:
    assert parse_retry_after(value, NOW) == wait
