"""Schedules in the book: at most once for each time, whoever looks and whatever was missed."""

import asyncio
from datetime import datetime
from typing import Any

import orjson
import pytest

from cartwheel.clock import to_ms
from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.runs.routing import take
from cartwheel.schedules.service import keep_time
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import Shop, chain, node

DAILY = {"repeat": "days", "time": "09:00", "timezone": "Europe/Berlin"}


def at(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))


@pytest.fixture
async def shop(database: Database, workspace: object) -> Shop:
    return Shop(database)


async def switch_on(shop: Shop, live_from: str, **settings: Json) -> str:
    trigger = node("start", "trigger.schedule@1", **(settings or DAILY))
    workflow_id = await shop.activate(chain(trigger, node("set", "data.set@1", values=[])))
    await shop.database.run(_backdate(workflow_id, at(live_from)))
    return workflow_id


def _backdate(workflow_id: str, live_from: int) -> Transaction[None]:
    yield Sql(
        "UPDATE activation SET live_from = $2, event_type = 'schedule.due' WHERE workflow_id = $1",
        (workflow_id, live_from),
    )


async def happened(shop: Shop) -> list[dict[str, Any]]:
    rows = await shop.database.fetch(
        Sql("SELECT data FROM event WHERE type = 'schedule.due' ORDER BY received_at")
    )
    return [orjson.loads(row[0])["schedule"] for row in rows]


async def test_at_its_time_a_schedule_starts_a_run_and_then_waits_for_the_next_day(
    shop: Shop,
) -> None:
    await switch_on(shop, "2026-11-22T12:00Z")
    for moment in (
        "2026-11-22T12:00Z",
        "2026-11-23T07:59Z",
        "2026-11-23T08:00Z",
        "2026-11-23T08:01Z",
    ):
        await keep_time(shop.database, at(moment))
    found = await happened(shop)
    assert [(one["date"], one["time"], one["weekday"]) for one in found] == [
        ("2026-11-23", "09:00", "monday")
    ]
    taken = await shop.database.run(take("w", at("2026-11-23T08:01Z"), 10))
    assert len(taken.runs) == 1


async def test_many_who_look_at_once_see_each_time_once(shop: Shop) -> None:
    await switch_on(shop, "2026-11-22T12:00Z", repeat="minutes", minutes=5)
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    for minutes in range(5, 30, 5):
        moment = at(f"2026-11-22T12:{minutes:02}Z")
        told = await asyncio.gather(*(keep_time(shop.database, moment) for _ in range(5)))
        assert sum(told) == 1
    assert len(await happened(shop)) == 5


@pytest.mark.parametrize(("missed", "dates"), [("once", ["2026-11-26"]), ("skip", [])])
async def test_times_that_nobody_saw_count_once_or_not_at_all(
    shop: Shop, missed: str, dates: list[str]
) -> None:
    await switch_on(shop, "2026-11-22T12:00Z", **DAILY, missed=missed)
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    for _ in range(2):
        await keep_time(shop.database, at("2026-11-26T20:00Z"))
    found = await happened(shop)
    assert [one["date"] for one in found] == dates
    assert all(one["was_missed"] for one in found)
    await keep_time(shop.database, at("2026-11-27T08:00Z"))
    assert len(await happened(shop)) == len(dates) + 1


async def test_switched_off_nothing_happens_and_switched_on_again_it_counts_from_then(
    shop: Shop,
) -> None:
    workflow_id = await switch_on(shop, "2026-11-22T12:00Z")
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    await shop.database.run(_switch_off(workflow_id))
    await keep_time(shop.database, at("2026-11-24T12:00Z"))
    assert await happened(shop) == []
    await shop.database.run(_switch_on_again(workflow_id, at("2026-11-24T12:00Z")))
    for moment in ("2026-11-24T12:00Z", "2026-11-25T08:00Z"):
        await keep_time(shop.database, at(moment))
    assert [one["date"] for one in await happened(shop)] == ["2026-11-25"]


def _switch_off(workflow_id: str) -> Transaction[None]:
    yield Sql("UPDATE activation SET live_until = 1 WHERE workflow_id = $1", (workflow_id,))


def _switch_on_again(workflow_id: str, now: int) -> Transaction[None]:
    yield Sql(
        "UPDATE activation SET live_from = $2, live_until = NULL WHERE workflow_id = $1",
        (workflow_id, now),
    )


async def test_a_shop_that_moves_is_woken_by_its_new_clock(shop: Shop) -> None:
    await switch_on(shop, "2026-11-22T12:00Z", repeat="days", time="09:00")
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    await shop.database.run(_move("Asia/Tokyo"))
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    await keep_time(shop.database, at("2026-11-23T00:00Z"))
    assert [(one["date"], one["time"]) for one in await happened(shop)] == [("2026-11-23", "09:00")]


def _move(zone: str) -> Transaction[None]:
    yield Sql("UPDATE workspace SET timezone = $1 WHERE id = 1", (zone,))


async def test_a_broken_schedule_stops_no_other_one(shop: Shop) -> None:
    """Broken before it is planned, and broken after it: both stand before the good one."""
    await switch_on(shop, "2026-11-22T11:00Z", repeat="days", time="08:00", timezone="No/Where")
    later = await switch_on(shop, "2026-11-22T11:00Z", repeat="days", time="08:30")
    await switch_on(shop, "2026-11-22T12:00Z")
    await keep_time(shop.database, at("2026-11-22T12:00Z"))
    await shop.database.run(_break(later))
    assert await keep_time(shop.database, at("2026-11-23T09:00Z")) == 1
    assert [(one["date"], one["time"]) for one in await happened(shop)] == [("2026-11-23", "09:00")]


def _break(workflow_id: str) -> Transaction[None]:
    yield Sql("UPDATE workflow_version SET graph = '[]' WHERE workflow_id = $1", (workflow_id,))


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"repeat": "cron", "cron": "0 0 30 2 *"}, "/cron"),
        ({"repeat": "cron", "cron": "every day"}, "/cron"),
        ({"repeat": "days", "time": "9 o'clock"}, "/time"),
        ({"repeat": "days", "time": "09:00", "timezone": "Middle/Earth"}, "/timezone"),
        ({"repeat": "weeks", "time": "09:00", "weekdays": []}, "/weekdays"),
        ({"repeat": "months", "time": "09:00"}, "/day"),
    ],
)
async def test_a_schedule_that_cannot_be_is_told_at_its_field(
    client: Any, config: dict[str, Json], field: str
) -> None:
    graph = chain(
        node("start", "trigger.schedule@1", **config), node("set", "data.set@1", values=[])
    )
    answer = await client.post("/api/workflows/validate", json={"graph": graph})
    found = [problem for problem in answer.json()["problems"] if problem["node_id"] == "start"]
    assert [problem["field"] for problem in found if problem["severity"] == "error"] == [field]
