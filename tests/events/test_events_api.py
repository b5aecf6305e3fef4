"""Events as people see them: the list, one of them, and playing it again."""

import httpx
import pytest

from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.conftest import HomeWorkspace
from tests.events.rows import add_event, add_run, add_workflow


async def test_events_are_listed_newest_first_page_by_page(
    client: httpx.AsyncClient, database: Database
) -> None:
    ids = [await add_event(database, id=f"01A{number:023}") for number in range(5)]
    first = (await client.get("/api/events?limit=3")).json()
    second = (await client.get(f"/api/events?limit=3&cursor={first['next']}")).json()
    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


async def test_events_of_one_kind_are_found(client: httpx.AsyncClient, database: Database) -> None:
    await add_event(database)
    wanted = await add_event(database, type="customer_created")
    items = (await client.get("/api/events?type=customer_created")).json()["items"]
    assert [each["id"] for each in items] == [wanted]


async def test_an_event_names_the_runs_that_it_started(
    client: httpx.AsyncClient, database: Database, workspace: HomeWorkspace
) -> None:
    event_id = await add_event(database)
    run_id = await add_run(database, event_id, await add_workflow(database))
    assert (await client.get("/api/events")).json()["items"][0]["run_ids"] == [run_id]


async def test_an_event_is_shown_with_what_was_really_sent(
    client: httpx.AsyncClient, database: Database
) -> None:
    event_id = await add_event(database)
    shown = (await client.get(f"/api/events/{event_id}")).json()
    assert (shown["data"], shown["raw"]) == ({"order": {"id": "1"}}, '{"id":1,"note":"Zażółć"}')


async def test_an_event_plays_again_as_a_new_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    event_id = await add_event(database, routed_at=now_ms())
    answer = await client.post(f"/api/events/{event_id}/replay")
    assert answer.status_code == 202
    again = (await client.get(f"/api/events/{answer.json()['id']}")).json()
    assert (again["replay_of"], again["routed_at"], again["label"]) == (
        event_id,
        None,
        "Order #1042",
    )
    assert len(await database.fetch(Sql("SELECT id FROM event"))) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["", "/replay"])
async def test_an_event_that_is_not_there_is_not_found(
    client: httpx.AsyncClient, what: str
) -> None:
    method = client.post if what else client.get
    assert (await method(f"/api/events/{new_id()}{what}")).status_code == 404
