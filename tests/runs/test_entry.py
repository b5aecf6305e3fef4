"""Who may start a workflow when: one at a time per key, decided by the book, on both databases."""

import asyncio
from typing import Any

import pytest
from sqlmodel import col, select

from cartwheel.clock import now_ms
from cartwheel.errors import Conflict
from cartwheel.runs.lines import mend_lines
from cartwheel.runs.models import EntryCount, RunEntry
from cartwheel.runs.revival import retry_run
from cartwheel.runs.routing import take
from cartwheel.runs.service import cancel_run
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.models import Activation
from tests.runs.conftest import (
    ANNA,
    ORDER,
    START,
    Hire,
    Shop,
    Stub,
    Worker,
    answer,
    chain,
    node,
    resting,
    until,
)

WAIT = node("wait", "flow.delay@1", amount=3, unit="days")
BEN = {"id": "8", "email": "Ben@example.com"}


def order(number: int, customer: dict[str, Any] = ANNA) -> dict[str, Any]:
    return {"order": {**ORDER["order"], "id": str(number)}, "customer": customer}


async def live(shop: Shop, graph: dict[str, Any], **entry: Any) -> str:
    """A workflow with a rule of entry."""
    if entry:
        graph["settings"] = {**graph["settings"], "entry": entry}
    workflow_id = await shop.activate(graph)
    async with shop.database.write() as session:
        for each in await session.exec(select(Activation)):
            each.gated = 1
            session.add(each)
    return workflow_id


async def statuses(shop: Shop) -> list[str]:
    """Of all runs, in order of arrival."""
    rows = await shop.database.fetch(Sql("SELECT status FROM run ORDER BY event_id"))
    return [row[0] for row in rows]


async def reach(shop: Shop, worker: Worker, *wanted: str) -> None:
    async def reached() -> bool:
        worker.loop.look()
        return await statuses(shop) == list(wanted)

    try:
        await until(reached)
    except TimeoutError:
        raise AssertionError(f"{await statuses(shop)} instead of {wanted}") from None


# --- the newest wins ---


async def test_a_newer_event_of_the_same_customer_takes_over_and_the_older_run_says_so(
    shop: Shop, worker: Worker
) -> None:
    await live(shop, chain(START, WAIT), key="customer", mode="newest")
    first = await shop.happen(order(1))
    await resting(shop, worker, first, "waiting")
    other = await shop.happen(order(2, BEN))
    second = await shop.happen(order(3))
    await reach(shop, worker, "cancelled", "waiting", "waiting")
    replaced, newer = await shop.run_of(first), await shop.run_of(second)
    assert replaced.error is not None
    assert (replaced.error.code, replaced.error.run_id) == ("replaced", newer.id)
    assert replaced.steps[-1].words == "A newer run took over here."
    assert (await shop.run_of(other)).status == "waiting"


async def test_an_act_on_its_way_is_written_down_before_the_newer_run_takes_over(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    call = node("call", "action.http_request@1", method="POST", url=stub.url, body="x")
    later = node("later", "action.http_request@1", method="POST", url=stub.url, body="y")
    await live(shop, chain(START, call, later, WAIT), key="customer", mode="newest")
    stub.hold = asyncio.Event()
    first = await shop.happen(order(1))
    worker.loop.look()
    await stub.arrived.wait()
    await shop.happen(order(2))
    await reach(shop, worker, "running", "queued")
    stub.hold.set()
    await reach(shop, worker, "cancelled", "waiting")
    older = await shop.run_of(first)
    assert [(step.node_id, step.status) for step in older.steps] == [
        ("start", "succeeded"),
        ("call", "succeeded"),
    ]
    rows = await shop.database.fetch(
        Sql("SELECT node_id, status FROM effect WHERE run_id = $1", (older.id,))
    )
    assert [tuple(row) for row in rows] == [("call", "sent")]


async def test_one_that_was_overlooked_takes_over_a_moment_later(
    shop: Shop, worker: Worker
) -> None:
    """Somebody else had the older run locked, so that it was taken for one in hand."""
    await live(shop, chain(START, WAIT), key="customer", mode="newest")
    await shop.happen(order(1))
    await reach(shop, worker, "waiting")
    await shop.database.run(_lease("somebody"))
    await shop.happen(order(2))
    await reach(shop, worker, "waiting", "queued")
    await shop.database.run(_lease(None))
    assert await mend_lines(shop.database) == 1
    await reach(shop, worker, "cancelled", "waiting")


def _lease(holder: str | None) -> Transaction[None]:
    until = None if holder is None else now_ms() + 60_000
    yield Sql("UPDATE run SET lease_by = $1, lease_until = $2", (holder, until))


# --- in turn ---


async def test_the_others_wait_in_order_of_arrival_and_go_on_when_a_place_is_free(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    call = node("call", "action.http_request@1", method="POST", url=stub.url, body="{{ order.id }}")
    await live(shop, chain(START, call), key="customer", mode="queued")
    stub.hold = asyncio.Event()
    events = [await shop.happen(order(number)) for number in (1, 2, 3)]
    await reach(shop, worker, "running", "queued", "queued")
    last = await shop.run_of(events[2])
    assert last.entry is not None
    assert last.entry.behind == (await shop.run_of(events[0])).id
    assert last.entry.before == 1
    stub.hold.set()
    await reach(shop, worker, "succeeded", "succeeded", "succeeded")
    assert [request[-1] for request in stub.requests] == ["1", "2", "3"]
    assert await shop.count("entry_slot") == 0


async def test_at_most_so_many_run_beside_each_other(shop: Shop, worker: Worker) -> None:
    await live(shop, chain(START, WAIT), key="none", mode="parallel", limit=2)
    for number in range(4):
        await shop.happen(order(number))
    await reach(shop, worker, "waiting", "waiting", "queued", "queued")


async def test_who_is_cancelled_passes_the_place_on(shop: Shop, worker: Worker) -> None:
    await live(shop, chain(START, WAIT), key="customer", mode="queued")
    events = [await shop.happen(order(number)) for number in (1, 2, 3)]
    await reach(shop, worker, "waiting", "queued", "queued")
    await cancel_run(shop.database, 1, (await shop.run_of(events[1])).id)
    await cancel_run(shop.database, 1, (await shop.run_of(events[0])).id)
    await reach(shop, worker, "cancelled", "cancelled", "waiting")


async def test_an_event_whose_key_comes_out_empty_counts_by_itself(
    shop: Shop, worker: Worker
) -> None:
    await live(shop, chain(START, WAIT), key="{{ order.note }}", mode="queued")
    events = [await shop.happen(order(number)) for number in (1, 2)]
    await reach(shop, worker, "waiting", "waiting")
    shown = (await shop.run_of(events[0])).entry
    assert shown is not None
    assert shown.words == "What it counts by came out empty, so it counts by itself."


@pytest.mark.parametrize("mode", ["newest", "queued"])
async def test_routers_at_the_same_time_leave_one_run_of_a_key_under_way(
    mode: str, shop: Shop, hire: Hire
) -> None:
    """Many small looks from two workers: whoever counts first and inserts later lets two in."""
    await live(shop, chain(START, WAIT), key="customer", mode=mode)
    for number in range(24):
        await shop.happen(order(number, BEN if number % 2 else ANNA))

    async def route_some(worker: str) -> None:
        for _ in range(12):
            await shop.database.run(take(worker, now_ms(), 1))

    await asyncio.gather(*(route_some(f"w{number}") for number in range(2)))
    rows = await shop.database.fetch(
        Sql(
            "SELECT e.key, count(*) FROM run r JOIN run_entry e "
            "ON e.workspace_id = r.workspace_id AND e.run_id = r.id "
            "WHERE r.status = 'running' GROUP BY e.key ORDER BY e.key"
        )
    )
    assert [tuple(row) for row in rows] == [("anna@example.com", 1), ("ben@example.com", 1)]
    waiting = await shop.database.fetch(
        Sql("SELECT count(*) FROM run_entry WHERE waits_since IS NOT NULL")
    )
    assert waiting[0][0] == (22 if mode == "queued" else 2)


# --- the trigger's filter ---

BIG = {"combinator": "and", "rules": [{"field": "order.total", "operator": ">", "value": "100"}]}


async def test_an_event_that_does_not_qualify_makes_no_run_and_is_counted(
    shop: Shop, worker: Worker
) -> None:
    await live(shop, chain(node("start", "trigger.order_created@1", filter=BIG), WAIT))
    small = {"order": {**ORDER["order"], "total": "76.48"}, "customer": ANNA}
    await shop.happen(small)
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    assert await shop.count("run") == 1
    async with shop.database.read() as session:
        (counted,) = (await session.exec(select(EntryCount))).all()
        entries = (await session.exec(select(RunEntry).order_by(col(RunEntry.run_id)))).all()
    assert (counted.came_in, counted.kept_out, counted.started) == (2, 1, 1)
    assert entries == []


# --- a person retries ---


async def failing_once(shop: Shop, stub: Stub, **entry: Any) -> str:
    """A workflow whose first call is refused, so that its run fails and leaves its place."""
    call = node("call", "action.http_request@1", method="POST", url=stub.url, body="x")
    stub.answers.append(answer(400))
    return await live(shop, chain(START, call, WAIT), key="customer", **entry)


async def test_a_retried_run_waits_for_its_turn_before_those_that_came_later(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    await failing_once(shop, stub, mode="queued")
    failed = await resting(shop, worker, await shop.happen(order(1)), "failed")
    second = await shop.happen(order(2))
    await resting(shop, worker, second, "waiting")
    await shop.happen(order(3))
    await reach(shop, worker, "failed", "waiting", "queued")
    await retry_run(shop.database, 1, failed.id)
    await reach(shop, worker, "queued", "waiting", "queued")
    await cancel_run(shop.database, 1, (await shop.run_of(second)).id)
    await reach(shop, worker, "waiting", "cancelled", "queued")


async def test_a_retried_run_does_not_displace_a_newer_one_where_the_newest_wins(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    await failing_once(shop, stub, mode="newest")
    failed = await resting(shop, worker, await shop.happen(order(1)), "failed")
    newer = await shop.happen(order(2))
    await resting(shop, worker, newer, "waiting")
    with pytest.raises(Conflict, match="A newer run of the same kind is under way"):
        await retry_run(shop.database, 1, failed.id)
    await cancel_run(shop.database, 1, (await shop.run_of(newer)).id)
    await retry_run(shop.database, 1, failed.id)
    await reach(shop, worker, "waiting", "cancelled")
