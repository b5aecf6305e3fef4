"""What a run remembers: calls taken up again, waits side by side, long lists with waits."""

from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.runs import revival
from cartwheel.runs.plans import Plans
from cartwheel.runs.recollection import Recollection
from cartwheel.runs.service import cancel_run, get_run
from cartwheel.runs.waits import release_wait
from cartwheel.statements import Sql
from tests.runs.conftest import ORDER, START, Shop, Stub, Worker, answer, chain, edge, node, resting
from tests.runs.test_flow_control import PAID, called, calling, waits

REFUSES = answer(422, b'{"error": "no"}')


async def statuses(shop: Shop) -> list[str]:
    rows = await shop.database.fetch(Sql("SELECT status FROM run ORDER BY id"))
    return [row[0] for row in rows]


def asks(stub: Stub) -> dict[str, Any]:
    return node("ask", "action.http_request@1", method="POST", url=stub.url, body="{{ order.id }}")


# --- calls ---


async def test_a_retry_takes_up_the_called_run_where_it_failed(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    first = node("first", "data.set@1", values=[{"name": "x", "value": "once"}])
    await shop.activate(calling(await shop.activate(called(first, asks(stub)), "called")))
    stub.answers = [REFUSES]
    event_id = await shop.happen()
    failed = await resting(shop, worker, event_id, "failed")
    await revival.retry_run(shop.database, 1, failed.id)
    run = await resting(shop, worker, event_id, "succeeded")
    assert await statuses(shop) == ["succeeded", "succeeded"], "no third run was begun"
    assert len(stub.requests) == 2
    call = next(step for step in run.steps if step.node_id == "call")
    assert (call.status, call.error) == ("succeeded", None)


async def test_a_retry_takes_the_result_of_a_called_run_that_ended_well_meanwhile(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    await shop.activate(calling(await shop.activate(called(asks(stub)), "called")))
    stub.answers = [REFUSES]
    event_id = await shop.happen()
    failed = await resting(shop, worker, event_id, "failed")
    inner = failed.calls[0].run_id
    await revival.retry_run(shop.database, 1, inner)
    rows = await shop.database.fetch(Sql("SELECT event_id FROM run WHERE id = $1", (inner,)))
    await resting(shop, worker, rows[0][0], "succeeded")
    await revival.retry_run(shop.database, 1, failed.id)
    await resting(shop, worker, event_id, "succeeded")
    assert len(stub.requests) == 2


async def test_a_retry_begins_a_call_anew_whose_run_was_cancelled(
    shop: Shop, worker: Worker
) -> None:
    pause = node("pause", "flow.delay@1", amount=1, unit="days")
    await shop.activate(calling(await shop.activate(called(pause), "called")))
    event_id = await shop.happen()
    waiting = await resting(shop, worker, event_id, "waiting")
    while not waiting.calls:
        waiting = await resting(shop, worker, event_id, "waiting")
    await cancel_run(shop.database, 1, waiting.calls[0].run_id)
    failed = await resting(shop, worker, event_id, "failed")
    assert failed.error is not None
    assert failed.error.code == "call_cancelled"
    await revival.retry_run(shop.database, 1, failed.id)
    run = await resting(shop, worker, event_id, "waiting")
    while len(run.calls) < 2 or any(each.status in {"queued", "running"} for each in run.calls):
        run = await resting(shop, worker, event_id, "waiting")
    assert sorted(each.status for each in run.calls) == ["cancelled", "waiting"]


async def test_caller_and_called_run_lead_to_each_other(shop: Shop, worker: Worker) -> None:
    sets = node("x", "data.set@1", values=[{"name": "x", "value": "1"}])
    workflow = await shop.activate(called(sets), "called")
    await shop.activate(calling(workflow))
    run = await resting(shop, worker, await shop.happen())
    [call] = run.calls
    assert (call.node_id, call.iteration, call.workflow_id) == ("call", "", workflow)
    inner = await get_run(shop.database, 1, call.run_id)
    assert inner.called_by is not None
    assert (inner.called_by.run_id, inner.called_by.node_id) == (run.id, "call")


# --- waits side by side ---


async def test_of_two_waits_side_by_side_the_later_one_hears_what_came_early_too(
    shop: Shop, worker: Worker
) -> None:
    """The second begins when the first has heard the event already: it may hear it as well."""
    pause = node("pause", "flow.delay@1", amount=1, unit="seconds")
    graph = chain(START, waits())
    graph["nodes"] += [pause, {**waits(), "id": "beside"}]
    graph["edges"] += [edge("start", "pause"), edge("pause", "beside")]
    await shop.activate(graph)
    event_id = await shop.happen()
    await shop.happen(PAID, "order_paid")
    run = await resting(shop, worker, event_id)
    assert {s.node_id: s.port for s in run.steps}["beside"] == "done"


# --- long lists ---


async def test_a_run_reads_back_only_what_it_can_still_see(shop: Shop, worker: Worker) -> None:
    rules = {"combinator": "and", "rules": [{"field": "index", "operator": "<", "value": "399"}]}
    sets = node("name", "data.set@1", values=[{"name": "sku", "value": "{{ item }}"}])
    graph = chain(START, node("each", "flow.for_each@1", items="order.line_items"))
    graph["nodes"] += [
        sets,
        node("most", "condition.if@1", rules=rules),
        node("pause", "flow.delay@1", amount=1, unit="days"),
    ]
    graph["edges"] += [
        edge("each", "name", "body"), edge("name", "most"), edge("most", "pause", "otherwise"),
    ]  # fmt: skip
    workflow = await shop.activate(graph)
    event_id = await shop.happen({"order": {**ORDER["order"], "line_items": list(range(400))}})
    run = await resting(shop, worker, event_id, "waiting")
    plan = (await Plans(shop.database, load_registry()).get(1, workflow, 1)).plan
    past = await Recollection(shop.database, plan, 1, run.id).of_journey(801)
    assert sorted((row[0], row[1]) for row in past.steps) == [
        ("each", ""), ("most", "399"), ("name", "399"), ("pause", "399"), ("start", ""),
    ]  # fmt: skip
    await release_wait(shop.database, 1, run.id, "pause", "399", "Anna")
    ended = await resting(shop, worker, event_id, "succeeded")
    each = next(step for step in ended.steps if step.node_id == "each")
    assert len(each.output["results"]) == 400
    assert each.output["results"][7]["holds"] is True
