"""The demo shop in the book: opened and closed by the API, played on by whoever works."""

import asyncio
import sys
from dataclasses import replace

import httpx
import pytest

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.demo import happening, service, store
from cartwheel.demo.store import MOST_A_DAY
from cartwheel.statements import Sql

Client = httpx.AsyncClient
NOON = now_ms() // 86_400_000 * 86_400_000 + 43_200_000


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop counts its events by the day, and no day ends in the middle of a test."""
    for module in (happening, service, sys.modules[__name__]):
        monkeypatch.setattr(module, "now_ms", lambda: NOON)


async def open_shop(client: Client) -> None:
    answer = await client.post("/api/demo", json={"on": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["on"] is True


async def set_shop(database: Database, **changes: object) -> None:
    """The shop with other figures, as time would have changed them."""
    found = await store.find_shop(database, 1)
    assert found is not None
    await database.run(store.move_shop(replace(found, **changes), found.moment))  # type: ignore[arg-type]


async def moments(database: Database, count: int) -> None:
    for _ in range(count):
        await set_shop(database, next_at=now_ms())
        await happening.go_on(database)


async def test_an_open_shop_makes_events_that_say_where_they_come_from(
    client: Client, database: Database
):
    await open_shop(client)
    await moments(database, 12)

    events = (await client.get("/api/events")).json()["items"]
    assert {event["source"] for event in events} == {"demo"}
    assert {"order_created", "order_paid", "customer_created"} <= {e["type"] for e in events}
    order = next(event for event in reversed(events) if event["type"] == "order_created")
    assert order["label"] == "Order #1001"
    data = (await client.get(f"/api/events/{order['id']}")).json()["data"]
    assert data["order"]["test"] is True
    assert data["order"]["name"] == "#1001"
    assert data["customer"]["orders_count"] == 1
    assert (await client.get("/api/demo")).json()["told_today"] == len(events)


async def test_two_workers_at_once_make_everything_once(client: Client, database: Database):
    await open_shop(client)
    for _ in range(6):
        await set_shop(database, next_at=now_ms())
        await asyncio.gather(*(happening.go_on(database) for _ in range(3)))

    rows = await database.fetch(Sql("SELECT external_id, duplicate_of FROM event"))
    assert len({row[0] for row in rows}) == len(rows)
    assert all(row[1] is None for row in rows)
    found = await store.find_shop(database, 1)
    assert found is not None
    assert found.moment == 6


async def test_a_worker_that_died_between_events_and_shop_changes_nothing(
    client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
):
    await open_shop(client)

    async def dies(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(happening, "_move_on", dies)
        with pytest.raises(ConnectionError):
            await happening.go_on(database)
    before = await database.fetch(Sql("SELECT count(*) FROM event"))
    await happening.go_on(database)

    assert await database.fetch(Sql("SELECT count(*) FROM event")) == before
    assert before[0][0] > 0
    assert (await store.find_shop(database, 1)).moment == 1  # type: ignore[union-attr]


async def test_a_closed_shop_is_quiet_and_what_it_made_stays(client: Client, database: Database):
    await open_shop(client)
    await happening.go_on(database)
    answer = await client.post("/api/demo", json={"on": False})
    made = (await client.get("/api/events")).json()["items"]
    await set_shop(database, next_at=now_ms())

    assert answer.json()["on"] is False
    assert await happening.go_on(database) == 0
    assert (await client.get("/api/events")).json()["items"] == made != []


async def test_the_shop_rests_when_it_has_told_enough_for_a_day(client: Client, database: Database):
    await open_shop(client)
    await happening.go_on(database)
    await set_shop(database, told=MOST_A_DAY, next_at=now_ms())

    assert await happening.go_on(database) == 0
    found = await store.find_shop(database, 1)
    assert found is not None
    assert found.next_at > now_ms()


async def test_hours_without_a_worker_are_not_made_up_for(client: Client, database: Database):
    await open_shop(client)
    await set_shop(database, next_at=now_ms() - 8 * 3_600_000)

    assert await happening.go_on(database) == 0
    made = await happening.go_on(database)
    assert 0 < made < 6


@pytest.mark.parametrize("pace", [0, 121, "many"])
async def test_an_impossible_pace_is_refused_with_its_place(client: Client, pace: object):
    answer = await client.post("/api/demo", json={"on": True, "per_minute": pace})

    assert answer.status_code == 422
    assert "per_minute" in answer.text
