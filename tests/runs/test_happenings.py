"""What happened to an order, also where that was nothing; and acting on runs by the crowd."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from cartwheel.accounts.first_start import create_token
from cartwheel.app import create_app
from cartwheel.runs.limits import DEEPEST_LINEAGE
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.conftest import browser
from tests.runs.conftest import START, Shop, Worker, chain, node, resting, until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BIG = {"combinator": "and", "rules": [{"field": "order.total", "operator": ">", "value": "1000"}]}
STOP = node("stop", "flow.stop@1", outcome="failure", label="No stock")
WAIT = node("wait", "flow.delay@1", amount=3, unit="days")


@pytest.fixture
async def shop_client(shop: Shop, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A program of the shop's."""
    app = create_app(settings, shop.database)
    token = await create_token(shop.database, "tests")
    async with browser(app) as opened:
        opened.headers["Authorization"] = f"Bearer {token}"
        yield opened
    await app.state.tokens.close()


async def count_reaches(shop: Shop, what: str, number: int) -> None:
    async def reached() -> bool:
        return await shop.count(what) == number

    await until(reached)


async def happenings(client: httpx.AsyncClient, search: str) -> list[dict[str, Any]]:
    answer = await client.get("/api/happenings", params={"search": search})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def _switched_off() -> Transaction[None]:
    yield Sql("UPDATE activation SET live_until = live_from + 1", ())


async def test_an_order_is_found_with_its_run_and_with_what_was_compared(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, node("if", "condition.if@1", rules=BIG)))
    run = await resting(shop, worker, await shop.happen())
    (found,) = await happenings(shop_client, "#1042")
    assert found["reason"] is None
    (shown,) = found["runs"]
    assert shown["id"] == run.id
    assert shown["words"] == "Order total is 120.00, which is not above 1,000"


async def test_an_event_that_started_nothing_says_why(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WAIT))
    await shop.database.run(_switched_off())
    await shop.happen()
    await shop.happen(type="loyalty.points_earned")
    worker.loop.look()
    await count_reaches(shop, "event WHERE routed_at IS NULL", 0)
    reasons = [each["reason"] for each in await happenings(shop_client, "anna@")]
    assert [each["code"] for each in reasons] == ["no_workflow", "not_active"]
    assert reasons[1]["workflows"] == ["Test"]


async def test_t12_an_event_that_follows_from_too_many_others_starts_nothing_and_says_so(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WAIT))
    await shop.happen(depth=DEEPEST_LINEAGE + 1)
    worker.loop.look()
    await count_reaches(shop, "event WHERE routed_at IS NULL", 0)
    (found,) = await happenings(shop_client, "anna@")
    assert (found["reason"]["code"], found["runs"]) == ("too_deep", [])


async def test_all_failed_runs_of_a_workflow_are_retried_and_no_others(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    failing = await shop.activate(chain(START, STOP))
    await shop.activate(chain(START, node("again", "flow.stop@1", outcome="failure")))
    await shop.happen()
    worker.loop.look()
    await count_reaches(shop, "run WHERE status = 'failed'", 2)
    await worker.stop()
    answer = await shop_client.post("/api/runs/retry", json={"workflow_id": failing})
    assert answer.json() == {"retried": 1, "asking": 0, "next": None}
    tally = await shop_client.get("/api/runs/tally", params={"search": "#1042"})
    assert tally.json() == {"by_status": {"failed": 1, "queued": 1}}


async def test_a_wait_can_be_ended_by_hand_and_the_run_goes_on(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    event_id = await shop.happen()
    run = await resting(shop, worker, event_id, "waiting")
    waits = (await shop_client.get(f"/api/workflows/{workflow_id}/waits")).json()["items"]
    assert [(each["node_id"], each["count"]) for each in waits] == [("wait", 1)]
    answer = await shop_client.post(f"/api/runs/{run.id}/release", json={"node_id": "wait"})
    assert answer.status_code == 200, answer.text
    assert (await resting(shop, worker, event_id)).status == "succeeded"
    again = await shop_client.post(f"/api/runs/{run.id}/release", json={"node_id": "wait"})
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


async def test_a_run_names_its_neighbours_and_a_list_ends_at_a_date(
    shop_client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WAIT))
    first = await resting(shop, worker, await shop.happen(), "waiting")
    second = await resting(shop, worker, await shop.happen(), "waiting")
    seen = (await shop_client.get(f"/api/runs/{first.id}")).json()
    assert (seen["older_id"], seen["newer_id"]) == (None, second.id)
    answer = await shop_client.get("/api/runs", params={"until": second.created_at})
    assert [each["id"] for each in answer.json()["items"]] == [first.id]
