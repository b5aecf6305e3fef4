"""When a schedule is due, over both changes of the clock (F17)."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from cartwheel.node_sdk import Json
from cartwheel.schedules.calendar import read_rhythm

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = {
    # Zone, and just before its clock goes forward and back.
    "Europe/Berlin": ("2026-03-28T12:00", "2026-10-24T12:00"),
    "America/New_York": ("2026-03-07T12:00", "2026-10-31T12:00"),
    "Australia/Lord_Howe": ("2026-10-03T12:00", "2026-04-04T12:00"),
    "Pacific/Apia": ("2011-12-28T12:00", "2011-04-01T12:00"),
    "America/Santiago": ("2026-09-05T12:00", "2026-04-04T12:00"),
    "Asia/Kolkata": ("2026-03-28T12:00", "2026-10-24T12:00"),
}
TIMES = 12


def due(
    settings: Mapping[str, Json], after: str, zone: ZoneInfo = BERLIN, times: int = 3
) -> list[str]:
    """The next due times as the zone's clock shows them."""
    rhythm, moment, found = read_rhythm(settings), datetime.fromisoformat(after), []
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    for _ in range(times):
        next_moment = rhythm.next_after(moment, zone)
        assert next_moment is not None
        moment = next_moment
        found.append(moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z"))
    return found


@pytest.mark.parametrize("name", ZONES)
def test_f17_each_due_time_found_from_the_one_before_is_what_cronsim_says(name: str) -> None:
    """A worker keeps only the last due time, as UTC; the oracle walks on with its whole state."""
    zone, dice = ZoneInfo(name), random.Random(name)
    for number in range(170):
        expression = _expression(dice)
        rhythm = read_rhythm({"repeat": "cron", "cron": expression})
        start = datetime.fromisoformat(ZONES[name][number % 2]).replace(tzinfo=zone)
        wanted = [
            moment.astimezone(UTC)
            for moment, _ in zip(CronSim(expression, start), range(TIMES), strict=False)
        ]
        found: list[datetime] = []
        moment = start.astimezone(UTC)
        while len(found) < len(wanted) and (following := rhythm.next_after(moment, zone)):
            found.append(moment := following)
        assert found == wanted, (name, expression, start)
        for before in wanted:
            assert rhythm.last_until(before, zone) == before, (name, expression, before)


def _expression(dice: random.Random) -> str:
    minute = dice.choice(["*", "*/15", "0", "30", "15,45", "*/7", str(dice.randrange(60))])
    hour = dice.choice(["*", "*/2", "2", "1-3", "0", "23", "2,14", str(dice.randrange(24))])
    day = dice.choice(["*", "*", "*", "L", "1", "15", "25-31", "*/3"])
    month = dice.choice(["*", "*", "*", "3,4,9-12", "*/2"])
    weekday = dice.choice(["*", "*", "*", "MON-FRI", "SUN", "6L", "MON#1"])
    return f"{minute} {hour} {day} {month} {weekday}"


def test_a_time_that_the_clock_skips_comes_right_after_and_one_that_it_repeats_comes_once() -> None:
    half_past_two = {"repeat": "days", "time": "02:30"}
    assert due(half_past_two, "2026-03-28T12:00", times=2) == [
        "2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200",
    ]  # fmt: skip
    assert due(half_past_two, "2026-10-24T12:00", times=2) == [
        "2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100",
    ]  # fmt: skip


def test_switched_on_in_the_hour_that_comes_twice_it_is_not_due_in_the_past() -> None:
    second_time = datetime(2026, 10, 25, 1, 20, tzinfo=UTC)  # 02:20 for the second time
    following = read_rhythm({"repeat": "days", "time": "02:30"}).next_after(second_time, BERLIN)
    assert following is not None
    assert following > second_time


@pytest.mark.parametrize(
    ("settings", "after", "wanted"),
    [
        ({"repeat": "minutes", "minutes": 15}, "2026-11-22T09:50",
         ["2026-11-22 10:00", "2026-11-22 10:15", "2026-11-22 10:30"]),
        ({"repeat": "hours", "hours": 6}, "2026-11-22T09:50",
         ["2026-11-22 12:00", "2026-11-22 18:00", "2026-11-23 00:00"]),
        ({"repeat": "days", "time": "08:05", "every": 3, "starting": "2026-11-20"},
         "2026-11-22T09:50", ["2026-11-23 08:05", "2026-11-26 08:05", "2026-11-29 08:05"]),
        ({"repeat": "weeks", "time": "09:00", "weekdays": ["mon", "sun"]}, "2026-11-22T09:50",
         ["2026-11-23 09:00", "2026-11-29 09:00", "2026-11-30 09:00"]),
        ({"repeat": "weeks", "time": "09:00", "weekdays": ["tue"], "every": 2,
          "starting": "2026-11-22"}, "2026-11-22T09:50",
         ["2026-12-01 09:00", "2026-12-15 09:00", "2026-12-29 09:00"]),
        ({"repeat": "months", "time": "07:00", "day": "last"}, "2027-01-30T12:00",
         ["2027-01-31 07:00", "2027-02-28 07:00", "2027-03-31 07:00"]),
        ({"repeat": "months", "time": "07:00", "day": "30", "every": 2, "starting": "2027-12-01"},
         "2027-12-31T12:00", ["2028-02-29 07:00", "2028-04-30 07:00", "2028-06-30 07:00"]),
        ({"repeat": "cron", "cron": "30 8 * * MON-FRI"}, "2026-11-20T09:50",
         ["2026-11-23 08:30", "2026-11-24 08:30", "2026-11-25 08:30"]),
    ],
)  # fmt: skip
def test_every_rhythm_means_what_its_form_says(
    settings: dict[str, Json], after: str, wanted: list[str]
) -> None:
    assert [text[:16] for text in due(settings, after)] == wanted


def test_a_day_every_year_is_found_though_most_days_are_not_it() -> None:
    yearly = {"repeat": "days", "time": "09:00", "every": 366, "starting": "2026-01-01"}
    assert due(yearly, "2026-06-01T00:00", times=1) == ["2027-01-02 09:00 +0100"]


def test_an_expression_whose_days_run_out_ends() -> None:
    rhythm = read_rhythm({"repeat": "cron", "cron": "0 0 29 2 *"})
    found = rhythm.next_after(datetime(2026, 1, 1, tzinfo=UTC), BERLIN)
    assert found == datetime(2028, 2, 28, 23, tzinfo=UTC)
    assert rhythm.last_until(found - timedelta(seconds=1), BERLIN) == datetime(
        2024, 2, 28, 23, tzinfo=UTC
    )
