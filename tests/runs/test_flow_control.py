"""Waiting for events and calling other workflows, with a real worker on both databases."""

from typing import Any

import pytest

from cartwheel.clock import now_ms
from cartwheel.runs.service import cancel_run
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.models import WorkflowVersion
from tests.runs.conftest import (
    ANNA,
    ORDER,
    START,
    Hire,
    Shop,
    Worker,
    chain,
    edge,
    node,
    resting,
    until,
)

OTHER = {"order": {**ORDER["order"], "id": "2"}, "customer": ANNA}
PAID = {"order": {**ORDER["order"], "financial_status": "paid"}, "customer": ANNA}


def waits(**config: Any) -> dict[str, Any]:
    given = {"event_type": "order_paid", "match": "order", "amount": 3, "unit": "days", **config}
    return node("wait", "flow.wait_for_event@1", **given)


def ends(step: str, port: str) -> list[dict[str, Any]]:
    return [edge("wait", step, port)]


def waiting_graph(**config: Any) -> dict[str, Any]:
    """Waits, then ends with the label of the way it took."""
    graph = chain(START, waits(**config))
    graph["nodes"] += [
        node("paid", "flow.stop@1", label="{{ steps.wait.order.financial_status }}"),
        node("late", "flow.stop@1", label="late"),
    ]
    graph["edges"] += [edge("wait", "paid"), edge("wait", "late", "timed_out")]
    return graph


async def rows_of(shop: Shop, event_id: str | None = None) -> list[tuple[Any, ...]]:
    rows = await shop.database.fetch(Sql("SELECT token_id, event_id FROM awaited_event"))
    return [tuple(row) for row in rows if event_id is None or row[1] == event_id]


# --- waiting for an event ---


async def test_the_event_of_the_same_order_ends_the_wait_and_no_other(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(waiting_graph())
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    await shop.happen(OTHER, "order_paid")
    paid = await shop.happen(PAID, "order_paid")
    run = await resting(shop, worker, event_id)
    assert (run.status, run.stop_label) == ("succeeded", "paid")
    assert [row[1] for row in await rows_of(shop)] == [paid]


async def test_an_event_that_came_a_moment_too_early_still_counts(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(waiting_graph())
    await shop.happen(PAID, "order_paid")
    run = await resting(shop, worker, await shop.happen())
    assert run.stop_label == "paid"


async def test_an_event_ends_one_wait_and_not_the_next_one_too(shop: Shop, worker: Worker) -> None:
    await shop.activate(chain(START, waits(), {**waits(), "id": "again"}))
    event_id = await shop.happen()
    await shop.happen(PAID, "order_paid")

    async def is_at_second() -> bool:
        worker.loop.look()
        rows = await shop.database.fetch(Sql("SELECT node_id FROM token"))
        return [row[0] for row in rows] == ["again"]

    await until(is_at_second)
    run = await resting(shop, worker, event_id, "waiting")
    assert [step.status for step in run.steps] == ["succeeded", "succeeded", "waiting"]


async def test_the_customer_is_known_by_another_address_too(shop: Shop, worker: Worker) -> None:
    await shop.activate(waiting_graph(event_type="reply", match="customer"))
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    said = {"customer": {"id": None, "email": "ANNA@example.com"}, "order": PAID["order"]}
    await shop.happen(said, "reply")
    assert (await resting(shop, worker, event_id)).stop_label == "paid"


async def test_without_the_event_the_run_goes_on_when_the_time_is_up(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(waiting_graph(amount=1, unit="seconds"))
    run = await resting(shop, worker, await shop.happen())
    assert run.stop_label == "late"
    assert await rows_of(shop) == []


async def test_a_wait_survives_the_death_of_its_worker(shop: Shop, hire: Hire) -> None:
    first = await hire()
    await shop.activate(waiting_graph())
    event_id = await shop.happen()
    await resting(shop, first, event_id, "waiting")
    await first.kill()
    await shop.happen(PAID, "order_paid")
    assert (await resting(shop, await hire(), event_id)).stop_label == "paid"


async def test_each_event_lets_the_quiet_time_begin_anew(shop: Shop, worker: Worker) -> None:
    quiet = {"event_type": "order_paid", "match": "order", "amount": 1, "unit": "hours"}
    await shop.activate(chain(START, node("quiet", "flow.debounce@1", **quiet)))
    event_id = await shop.happen()
    await resting(shop, worker, event_id, "waiting")
    heard = await shop.happen(PAID, "order_paid")

    async def begins_anew() -> bool:
        """It heard the event, was woken by it, and sleeps again."""
        worker.loop.look()
        if not await rows_of(shop, heard):
            return False
        late = now_ms() + 1_800_000
        asleep = Sql("SELECT 1 FROM run WHERE wake_at > $1 AND lease_until IS NULL", (late,))
        return bool(await shop.database.fetch(asleep))

    await until(begins_anew)
    await shop.database.run(_an_hour_passes())
    run = await resting(shop, worker, event_id)
    assert run.steps[-1].output["events"] == 1
    assert run.steps[-1].words == (
        "It has been quiet: no “order_paid” for 1 hour. Before that it came once."
    )
    assert run.steps[-1].output["last"]["order"]["financial_status"] == "paid"


def _an_hour_passes() -> Transaction[None]:
    yield Sql("UPDATE token SET wake_at = wake_at - 3600000")
    yield Sql("UPDATE run SET wake_at = wake_at - 3600000 WHERE status = 'waiting'")


async def test_a_cancelled_run_waits_for_nothing(shop: Shop, worker: Worker) -> None:
    await shop.activate(waiting_graph())
    run = await resting(shop, worker, await shop.happen(), "waiting")
    await cancel_run(shop.database, 1, run.id)
    assert await rows_of(shop) == []


# --- calling another workflow ---


def calling(workflow: str, **config: Any) -> dict[str, Any]:
    return chain(
        START,
        node("call", "flow.sub_workflow@1", workflow=workflow, **config),
        node("end", "flow.stop@1", label="{{ steps.call.result.double }}"),
    )


def called(*nodes: dict[str, Any]) -> dict[str, Any]:
    return chain(node("begin", "trigger.called@1"), *nodes)


DOUBLES = node(
    "double",
    "data.compute@1",
    values=[{"name": "double", "operation": "multiply", "value": "{{ order.total }}", "with": "2"}],
)


async def test_the_result_of_a_called_workflow_comes_back(shop: Shop, worker: Worker) -> None:
    workflow = await shop.activate(called(DOUBLES), "called")
    await shop.activate(calling(workflow))
    run = await resting(shop, worker, await shop.happen())
    assert (run.status, run.stop_label) == ("succeeded", "240.00")
    assert await shop.count("run") == 2


async def test_a_called_workflow_may_take_its_time(shop: Shop, worker: Worker) -> None:
    pause = node("pause", "flow.delay@1", amount=1, unit="seconds")
    workflow = await shop.activate(called(pause, DOUBLES), "called")
    await shop.activate(calling(workflow))
    run = await resting(shop, worker, await shop.happen())
    assert run.stop_label == "240.00"


async def test_a_called_workflow_that_fails_is_the_steps_failure(
    shop: Shop, worker: Worker
) -> None:
    fails = node("no", "flow.stop@1", label="Out of stock", outcome="failure")
    workflow = await shop.activate(called(fails), "called")
    await shop.activate(calling(workflow))
    run = await resting(shop, worker, await shop.happen())
    assert run.error is not None
    assert run.error.message == "The called workflow failed: Out of stock"


async def test_what_cannot_be_called_is_said_in_a_sentence(shop: Shop, worker: Worker) -> None:
    ordinary = await shop.activate(chain(START, DOUBLES), "something_else")
    callable_one = await shop.activate(called(DOUBLES), "called")
    graphs = [calling("nothing"), calling(ordinary), calling(callable_one, version=7)]
    errors = set()
    for number, graph in enumerate(graphs):
        await shop.activate(graph, f"case_{number}")
        run = await resting(shop, worker, await shop.happen(type=f"case_{number}"))
        errors.add(run.error.code if run.error else None)
    assert errors == {"workflow_not_on", "workflow_not_callable", "version_not_found"}


@pytest.mark.parametrize("between", [False, True])
async def test_workflows_that_call_one_another_for_ever_are_stopped(
    shop: Shop, worker: Worker, between: bool
) -> None:
    """A workflow that calls itself, and one that does so through another."""
    graph = called(node("call", "flow.sub_workflow@1", workflow="?"))
    workflow = last = await shop.activate(graph, "called")
    if between:
        last = await shop.activate(
            called(node("call", "flow.sub_workflow@1", workflow=workflow)), "called"
        )
    graph["nodes"][1]["config"]["workflow"] = last
    async with shop.database.write() as session:
        version = await session.get_one(WorkflowVersion, (1, workflow, 1))
        version.graph = {**graph}
        session.add(version)
    await shop.activate(calling(workflow))
    run = await resting(shop, worker, await shop.happen())
    assert run.error is not None
    assert "in a circle" in run.error.message
    assert await shop.count("run") == 9


async def test_cancelling_a_run_cancels_what_it_called(shop: Shop, worker: Worker) -> None:
    pause = node("pause", "flow.delay@1", amount=1, unit="days")
    workflow = await shop.activate(called(pause), "called")
    await shop.activate(calling(workflow))
    event_id = await shop.happen()

    async def both_wait() -> bool:
        worker.loop.look()
        rows = await shop.database.fetch(Sql("SELECT status FROM run"))
        return [row[0] for row in rows] == ["waiting", "waiting"]

    await until(both_wait)
    await cancel_run(shop.database, 1, (await shop.run_of(event_id)).id)
    rows = await shop.database.fetch(Sql("SELECT status FROM run"))
    assert [row[0] for row in rows] == ["cancelled", "cancelled"]


# --- bodies ---


async def test_a_list_is_gone_through_and_its_results_collected(shop: Shop, worker: Worker) -> None:
    graph = chain(START, node("each", "flow.for_each@1", items="order.line_items"))
    sets = node("name", "data.set@1", values=[{"name": "sku", "value": "{{ item.sku }}"}])
    graph["nodes"].append(sets)
    graph["edges"].append(edge("each", "name", "body"))
    await shop.activate(graph)
    items = [{"sku": f"S{number}"} for number in range(450)]
    run = await resting(shop, worker, await shop.happen({"order": {"line_items": items}}))
    each = next(step for step in run.steps if step.node_id == "each")
    assert [result["sku"] for result in each.output["results"]] == [i["sku"] for i in items]


async def test_a_run_tells_how_far_its_list_is(shop: Shop, worker: Worker) -> None:
    graph = chain(START, node("each", "flow.for_each@1", items="order.line_items"))
    rules = {"combinator": "and", "rules": [{"field": "index", "operator": "<", "value": "2"}]}
    graph["nodes"] += [
        node("first", "condition.if@1", rules=rules),
        node("pause", "flow.delay@1", amount=1, unit="days"),
    ]
    graph["edges"] += [edge("each", "first", "body"), edge("first", "pause", "otherwise")]
    await shop.activate(graph)
    event_id = await shop.happen({"order": {"line_items": [1] * 1_500}})
    run = await resting(shop, worker, event_id, "waiting")
    words = next(step.words for step in run.steps if step.node_id == "each")
    assert words == "2 of 1,500 done."


async def test_a_body_is_repeated_until_what_it_gives_is_enough(shop: Shop, worker: Worker) -> None:
    rules = {"combinator": "and", "rules": [
        {"field": "steps.count.text", "operator": "=", "value": "pass 2"}]}  # fmt: skip
    graph = chain(START, node("repeat", "flow.repeat_until@1", rules=rules, most=5, wait=0))
    sets = node("count", "data.set@1", values=[{"name": "text", "value": "pass {{ index }}"}])
    graph["nodes"].append(sets)
    graph["edges"].append(edge("repeat", "count", "body"))
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    repeat = next(step for step in run.steps if step.node_id == "repeat")
    assert (repeat.port, repeat.output) == ("done", {"passes": 3, "reached": True})
