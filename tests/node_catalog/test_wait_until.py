"""Waiting until a moment: clock changes, business hours, whose clock, and what is no moment."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import Emit, Json, NodeError, Wait
from cartwheel.workflows.validation import check_graph
from node_catalog.flow.wait_until.handler import run
from node_catalog.flow.wait_until.moments import shown
from tests.runs.conftest import START, chain, node


async def until(now: str, scope: dict[str, Json] | None = None, **config: Json) -> str:
    """The moment it waits for, in UTC."""
    verdict = await _run(now, scope or {}, config)
    assert isinstance(verdict, Wait)
    assert verdict.until is not None
    return verdict.until.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


async def _run(now: str, scope: dict[str, Json], config: dict[str, Json]) -> Wait | Emit:
    def read(path: str) -> Json:
        value: Json = {"workspace": {"timezone": "Europe/Berlin"}, **scope}
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    return await run(SimpleNamespace(now=moment, read=read), config)


@pytest.mark.parametrize(
    ("zone", "clock", "moment"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),  # Jumped over: right after.
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # Twice: the first time.
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # Half an hour.
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # A day that was left out.
    ],
)
def test_what_the_clock_leaves_out_comes_after_it_and_what_it_shows_twice_comes_once(
    zone: str, clock: str, moment: str
) -> None:
    found = shown(datetime.fromisoformat(clock), ZoneInfo(zone))
    assert found.strftime("%Y-%m-%d %H:%M") == moment


async def test_a_time_that_comes_twice_is_over_after_the_first_time() -> None:
    """It is 02:40 for the first time; 02:30 comes again in 50 minutes, and is not meant."""
    config: dict[str, Json] = {"mode": "weekday", "time": "02:30"}
    assert await until("2026-10-25 00:40", **config) == "2026-10-26 01:30"


async def test_nine_o_clock_stays_nine_o_clock_across_a_clock_change() -> None:
    day: dict[str, Json] = {"mode": "date", "date": "2026-03-30", "shift": 2}
    assert await until("2026-03-01", **day) == "2026-03-28 08:00"
    assert await until("2026-03-01", **day, shift_unit="hours") == "2026-03-30 05:00"


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-12-23 15:30", "2026-12-23 15:30"),  # Open.
        ("2026-12-23 16:30", "2027-01-04 08:00"),  # Closed from the 24th, a weekend behind it.
        ("2027-01-05 17:00", "2027-01-07 08:00"),  # A single holiday.
    ],
)
async def test_business_hours_know_holidays_and_longer_closures(now: str, opens: str) -> None:
    closed = [{"from": "2026-12-24", "until": "2027-01-01"}]
    config: dict[str, Json] = {
        "mode": "business_hours",
        "holidays": ["2027-01-06"],
        "closed": closed,
    }
    assert await until(now, **config) == opens


async def test_a_shop_may_be_open_past_midnight() -> None:
    bar: dict[str, Json] = {"mode": "business_hours", "opens": "18:00", "closes": "02:00"}
    assert await until("2026-11-26 00:30", **bar) == "2026-11-26 00:30"
    assert await until("2026-11-26 01:30", **bar) == "2026-11-26 17:00"


@pytest.mark.parametrize(
    ("scope", "zone", "moment"),
    [
        ({"customer": {"timezone": "Asia/Tokyo"}}, {"zone": "recipient"}, "00:00"),
        ({"order": {"shipping_address": {"country_code": "GB"}}}, {"zone": "recipient"}, "09:00"),
        ({"customer": {"phone": "+817012345678"}}, {"zone": "recipient"}, "00:00"),
        ({"customer": {"timezone": "Mars/Olympus"}}, {"zone": "recipient"}, "08:00"),
        ({"order": {"tz": "Asia/Tokyo"}}, {"zone": "field", "zone_field": "order.tz"}, "00:00"),
        ({"order": {"tz": 7}}, {"zone": "field", "zone_field": "order.tz"}, "08:00"),
        ({}, {"zone": "fixed", "zone_name": "Asia/Tokyo"}, "00:00"),
    ],
)
async def test_whose_clock_counts(
    scope: dict[str, Json], zone: dict[str, Json], moment: str
) -> None:
    config: dict[str, Json] = {"mode": "date", "date": "2026-12-24", **zone}
    assert await until("2026-11-22", scope, **config) == f"2026-12-24 {moment}"


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"mode": "date", "date": "2026-02-30"}, "bad_date"),
        ({"mode": "date", "date": "soon"}, "bad_date"),
        ({"mode": "date", "date": " "}, "bad_date"),
        ({"mode": "date", "date": "0001-01-01", "shift": 5, "shift_unit": "weeks"}, "bad_date"),
        (
            {
                "mode": "date",
                "date": "9000-01-01T00:00Z",
                "shift": 525_600,
                "shift_unit": "weeks",
                "shift_side": "after",
            },
            "bad_date",
        ),
        (
            {
                "mode": "date",
                "date": "2026-12-24",
                "zone": "fixed",
                "zone_name": "Middle/Earth",
            },
            "unknown_zone",
        ),
        ({"mode": "business_hours", "opens": "09:00", "closes": "09:00"}, "bad_hours"),
        (
            {"mode": "business_hours", "closed": [{"from": "2026-01-01", "until": "2029-01-01"}]},
            "never_open",
        ),
    ],
)
async def test_what_is_no_moment_is_said_in_a_sentence(config: dict[str, Json], code: str) -> None:
    with pytest.raises(NodeError) as refused:
        await _run("2026-11-22", {}, config)
    assert refused.value.code == code
    assert refused.value.fix


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"mode": "date", "date": "2026-02-30"}, "/date"),
        ({"mode": "date", "date": "2026-12-24", "shift": -1}, "/shift"),
        (
            {"mode": "date", "date": "2026-12-24", "zone": "fixed", "zone_name": "Middle/Earth"},
            "/zone_name",
        ),
        (
            {"mode": "business_hours", "closed": [{"from": "2026-13-01", "until": "2026-12-24"}]},
            "/closed/0/from",
        ),
        ({"mode": "weekday", "time": "25:00"}, "/time"),
    ],
)
def test_what_is_written_wrongly_is_told_at_its_field(config: dict[str, Any], field: str) -> None:
    graph = chain(START, node("wait", "flow.wait_until@1", **config))
    found = check_graph(graph, load_registry())
    assert [p.field for p in found if p.node_id == "wait" and p.severity == "error"] == [field]
