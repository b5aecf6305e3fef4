"""Waits ended by hand, starts by the batch, the steps' numbers, and what fails too often."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from cartwheel.accounts.first_start import create_token
from cartwheel.app import create_app
from cartwheel.batches.store import move_on
from cartwheel.clock import new_id, now_ms
from cartwheel.runs.claims import claim_due
from cartwheel.runs.counting import add_to_tally
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.conftest import browser
from tests.runs.conftest import ANNA, ORDER, START, Shop, Worker, chain, node, resting, until
from tests.runs.test_entry import BIG, live

WAIT = node("wait", "flow.delay@1", amount=3, unit="days")
STOP = node("stop", "flow.stop@1", outcome="failure", label="No stock")
PAID = node(
    "paid", "flow.wait_for_event@1",
    event_type="order_paid", match="order", amount=3, unit="days",
)  # fmt: skip


@pytest.fixture
async def client(shop: Shop, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A program of the shop's."""
    app = create_app(settings, shop.database)
    token = await create_token(shop.database, "tests")
    async with browser(app) as opened:
        opened.headers["Authorization"] = f"Bearer {token}"
        yield opened
    await app.state.tokens.close()


async def ask(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tell(client: httpx.AsyncClient, path: str, body: Any = None) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code < 300, answer.text
    return answer.json()


# --- waits ---


async def test_chosen_waits_are_let_go_on_and_the_trace_says_who_did_it(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    events = [await shop.happen() for _ in range(2)]
    for event_id in events:
        await resting(shop, worker, event_id, "waiting")
    page = await ask(client, f"/api/workflows/{workflow_id}/waiting", limit=1)
    assert page["items"][0]["waits_for"] == "time"
    again = await ask(client, f"/api/workflows/{workflow_id}/waiting", cursor=page["next"])
    assert [each["run_id"] for each in again["items"]] == [(await shop.run_of(events[1])).id]
    places = [{key: page["items"][0][key] for key in ("run_id", "token_id")}]
    path = f"/api/workflows/{workflow_id}/waits/end"
    done = await tell(client, path, {"deed": "release", "places": places})
    assert (done["ended"], done["missed"]) == (1, 0)
    run = await resting(shop, worker, events[0], "succeeded")
    assert run.steps[-1].words == "A program ended this wait."
    late = await tell(client, path, {"deed": "release", "places": places})
    assert (late["ended"], late["missed"]) == (0, 1)
    assert late["words"] == "One of them had just gone on by itself."
    assert (await shop.run_of(events[1])).status == "waiting"


async def test_a_skipped_wait_leaves_by_its_usual_way_and_a_cancelled_one_ends_the_run(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, PAID, WAIT))
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    path = f"/api/workflows/{workflow_id}/waits/end"
    assert (await tell(client, path, {"deed": "skip"}))["ended"] == 1

    async def next_step() -> bool:
        worker.loop.look()
        (run,) = [await shop.run_of(event_id)]
        return run.status == "waiting" and run.steps[-1].node_id == "wait"

    await until(next_step)
    skipped = (await shop.run_of(event_id)).steps[1]
    assert (skipped.port, skipped.words) == ("done", "A program skipped this wait.")
    await tell(client, path, {"deed": "cancel", "node_id": "wait"})
    run = await shop.run_of(event_id)
    assert (run.status, run.steps[-1].words) == ("cancelled", "A program ended the run here.")


async def test_who_waits_for_people_can_be_let_go_on_but_nobody_decides_by_skipping(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    question = node("ask", "flow.approval@1", title="Refund?", people=["owner"])
    workflow_id = await shop.activate(chain(START, question))
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    path = f"/api/workflows/{workflow_id}/waits/end"
    skipped = await tell(client, path, {"deed": "skip"})
    assert (skipped["ended"], skipped["missed"]) == (0, 1)
    assert "is answered under “To do”" in skipped["words"]
    assert (await tell(client, path, {"deed": "release"}))["ended"] == 1
    run = await resting(shop, worker, event_id)
    assert (run.steps[-1].port, run.steps[-1].words) == ("timed_out", "A program ended this wait.")
    (asked,) = (await ask(client, "/api/approvals"))["items"]
    assert asked["status"] == "timed_out"


async def test_of_a_release_and_a_wait_that_fires_one_wins(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    await worker.kill()
    await shop.database.run(_due())
    await shop.database.run(claim_due("other", now_ms(), 10))
    done = await tell(client, f"/api/workflows/{workflow_id}/waits/end", {"deed": "release"})
    assert (done["ended"], done["missed"]) == (0, 1)


def _due() -> Transaction[None]:
    """The run's time has come, though its token's has not quite."""
    yield Sql("UPDATE run SET wake_at = 1")


# --- batches ---


def order(total: str) -> dict[str, Any]:
    return {"order": {**ORDER["order"], "total": total}, "customer": ANNA}


async def test_a_batch_starts_what_matches_once_and_goes_on_where_it_stood(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    for number in range(60):
        await shop.happen(order("120.00" if number % 2 else "80.00"))

    async def routed() -> bool:
        rows = await shop.database.fetch(Sql("SELECT 1 FROM event WHERE routed_at IS NULL"))
        return not rows

    await until(routed)
    workflow_id = await shop.activate(chain(START, WAIT))
    wanted = {"matching": {"event_type": "order_created", "rules": BIG}}
    path = f"/api/workflows/{workflow_id}/batches"
    counted = await tell(client, f"{path}/count", wanted)
    assert (counted["matching"], counted["complete"]) == (30, True)
    batch = await tell(client, path, wanted)
    assert (batch["total"], batch["started"], await shop.count("run")) == (30, 0, 0)
    await shop.database.run(move_on(now_ms()))
    assert (await tell(client, f"/api/batches/{batch['id']}/pause"))["started"] == 25
    assert not await shop.database.run(move_on(now_ms() + 1_000))
    await tell(client, f"/api/batches/{batch['id']}/resume")
    # Two workers at the same moment, one of them after a crash: the book decides who goes on.
    later = now_ms() + 5_000
    await asyncio.gather(*(shop.database.run(move_on(later)) for _ in range(2)))
    await shop.database.run(move_on(later + 1_000))
    await shop.database.run(move_on(later + 2_000))
    done = await ask(client, f"/api/batches/{batch['id']}")
    assert (done["status"], done["started"]) == ("done", 30)

    async def started() -> bool:
        worker.loop.look()
        return await shop.count("run") == 30

    await until(started)
    rows = await shop.database.fetch(
        Sql("SELECT count(DISTINCT replay_of) FROM event WHERE only_workflow_id IS NOT NULL")
    )
    assert rows[0][0] == 30


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_batch_over_nothing_is_refused(client: httpx.AsyncClient, shop: Shop) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    for body in ({"matching": {"event_type": "order_created"}}, {"event_ids": [new_id()]}):
        answer = await client.post(f"/api/workflows/{workflow_id}/batches", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_start")
    empty = await client.post(f"/api/workflows/{workflow_id}/batches", json={"event_ids": []})
    assert empty.status_code == 422


# --- numbers ---


async def test_the_cards_show_what_came_of_each_step(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    graph = chain(node("start", "trigger.order_created@1", filter=BIG), WAIT)
    workflow_id = await live(shop, graph)
    await shop.happen(order("80.00"))
    await resting(shop, worker, await shop.happen(order("120.00")), "waiting")
    await worker.driver.counter.write(shop.database)
    found = await ask(client, f"/api/workflows/{workflow_id}/numbers")
    assert found["entry"] == {"came_in": 2, "kept_out": 1, "started": 1}
    assert {each["node_id"]: (each["done"], each["waiting"]) for each in found["steps"]} == {
        "start": (1, 0),
        "wait": (0, 1),
    }


async def test_what_was_kept_out_can_still_be_asked_for(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    await live(shop, chain(node("start", "trigger.order_created@1", filter=BIG), WAIT))
    await shop.happen(order("76.48"))

    async def said() -> Any:
        worker.loop.look()
        (found,) = (await ask(client, "/api/happenings", search="#1042"))["items"]
        return found["kept_out"]

    (out,) = await until(said)
    assert out["words"] == "Order total is 76.48, which is not above 100"


async def test_numbers_of_a_month_are_read_along_the_key(
    client: httpx.AsyncClient, shop: Shop
) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    hour = now_ms() // 3_600_000 * 3_600_000
    rows = [(1, workflow_id, hour - n * 3_600_000, f"n{n % 9}", 1, 2, 3) for n in range(700)]
    await shop.database.run(add_to_tally(rows))
    found = await ask(client, f"/api/workflows/{workflow_id}/numbers", period="30d")
    assert sum(each["done"] for each in found["steps"]) == 700
    if shop.database.is_sqlite:
        plan = await shop.database.fetch(
            Sql("EXPLAIN QUERY PLAN SELECT node_id, sum(done) FROM step_tally WHERE "
                "workspace_id = 1 AND workflow_id = 'x' AND hour > 1 GROUP BY node_id")
        )  # fmt: skip
        assert "PRIMARY KEY (workspace_id=? AND workflow_id=? AND hour>?)" in str(plan[0][3])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_is_told_how_many_runs_wait_on_which_version(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, WAIT))
    path = f"/api/workflows/{workflow_id}/waits/versions"
    assert await ask(client, path) == {"items": []}
    await resting(shop, worker, await shop.happen(), "waiting")
    assert await ask(client, path) == {"items": [{"version": 1, "count": 1}]}
    assert (await client.get("/api/workflows/none/waits/versions")).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_workflow_that_fails_often_is_named_with_its_newest_run(
    client: httpx.AsyncClient, shop: Shop, worker: Worker
) -> None:
    workflow_id = await shop.activate(chain(START, STOP))
    events = [await shop.happen() for _ in range(5)]
    for event_id in events:
        await resting(shop, worker, event_id, "failed")
    (trouble,) = (await ask(client, "/api/troubles"))["items"]
    assert (trouble["workflow_id"], trouble["failed"]) == (workflow_id, 5)
