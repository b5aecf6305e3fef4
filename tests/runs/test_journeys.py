"""A run from its event to its rest, on both databases, with the real node types."""

import asyncio

from cartwheel.runs import revival
from cartwheel.runs.service import cancel_run
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import (
    START,
    Hire,
    Shop,
    Stub,
    Worker,
    answer,
    chain,
    edge,
    node,
    resting,
    until,
)

WHATSAPP = node(
    "tell",
    "action.send_whatsapp@1",
    to="{{ customer.phone }}",
    text="Hi {{ customer.first_name }}!",
)


def call(stub: Stub, **config: object) -> dict[str, object]:
    return node("call", "action.http_request@1", method="POST", url=stub.url, **config)


async def test_a_message_reaches_the_outbox_with_the_customers_name(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WHATSAPP))
    run = await resting(shop, worker, await shop.happen())
    assert run.status == "succeeded"
    assert [step.node_id for step in run.steps] == ["start", "tell"]
    rows = await shop.database.fetch(Sql('SELECT channel, "to", text FROM outbox_message'))
    assert [tuple(row) for row in rows] == [("whatsapp", "+491701234567", "Hi Anna!")]


async def test_a_condition_takes_one_branch_and_says_why(shop: Shop, worker: Worker) -> None:
    rules = {
        "combinator": "and",
        "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
    }
    graph = chain(START, node("big", "condition.if@1", rules=rules))
    graph["nodes"] += [WHATSAPP, node("end", "flow.stop@1", label="small")]
    graph["edges"] += [edge("big", "tell", "then"), edge("big", "end", "otherwise")]
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert [(step.node_id, step.port) for step in run.steps[1:]] == [
        ("big", "then"),
        ("tell", "done"),
    ]
    assert run.steps[1].words is not None
    assert "120" in run.steps[1].words


async def test_an_event_without_a_live_workflow_starts_nothing(shop: Shop, worker: Worker) -> None:
    await shop.activate(chain(START, WHATSAPP), event_type="order_paid")
    event_id = await shop.happen()

    async def routed() -> bool:
        worker.loop.look()
        rows = await shop.database.fetch(
            Sql("SELECT routed_at FROM event WHERE id = $1", (event_id,))
        )
        return rows[0][0] is not None

    await until(routed)
    assert await shop.count("run") == 0


async def test_a_call_is_written_down_before_it_leaves(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub, body='{"total": "{{ order.total }}"}')))
    event_id = await shop.happen()
    worker.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    rows = await shop.database.fetch(Sql("SELECT status FROM effect"))
    assert [row[0] for row in rows] == ["sending"]
    stub.hold.set()
    run = await resting(shop, worker, event_id)
    assert run.status == "succeeded"
    rows = await shop.database.fetch(Sql("SELECT status, attempts FROM effect"))
    assert [tuple(row) for row in rows] == [("sent", 1)]
    assert '"total": "120.00"' in stub.requests[0]


async def test_a_busy_provider_is_asked_again_when_it_says(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.answers = [answer(429, b"{}", "Retry-After: 1"), answer(200)]
    await shop.activate(chain(START, call(stub)))
    event_id = await shop.happen()
    waiting = await resting(shop, worker, event_id, "waiting")
    assert waiting.wake_at is not None
    assert waiting.steps[-1].status == "retrying"
    run = await resting(shop, worker, event_id)
    assert (run.status, run.steps[-1].attempts, len(stub.requests)) == ("succeeded", 1, 2)
    assert await shop.count("effect") == 1


async def test_a_refusal_fails_the_run_and_a_retry_goes_on_from_there(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.answers = [answer(400, b'{"error": "no"}'), answer(200)]
    await shop.activate(chain(START, WHATSAPP, call(stub)))
    event_id = await shop.happen()
    failed = await resting(shop, worker, event_id)
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error.node_id == "call"
    await revival.retry_run(shop.database, 1, failed.id)
    run = await resting(shop, worker, event_id, "succeeded")
    assert run.error is None
    assert await shop.count("outbox_message") == 1
    rows = await shop.database.fetch(
        Sql("SELECT round, status FROM effect WHERE node_id = 'call' ORDER BY round")
    )
    assert [tuple(row) for row in rows] == [(0, "refused"), (1, "sent")]


async def test_an_error_port_takes_what_was_refused(shop: Shop, worker: Worker, stub: Stub) -> None:
    stub.answers = [answer(400)]
    graph = chain(START, call(stub))
    graph["nodes"].append(WHATSAPP)
    graph["edges"].append(edge("call", "tell", "error"))
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert (run.status, run.steps[-1].node_id) == ("succeeded", "tell")


async def test_a_delay_survives_the_worker(shop: Shop, hire: Hire) -> None:
    await shop.activate(
        chain(START, node("wait", "flow.delay@1", amount=2, unit="seconds"), WHATSAPP)
    )
    first = await hire()
    event_id = await shop.happen()
    await resting(shop, first, event_id, "waiting")
    await first.kill()
    second = await hire()
    run = await resting(shop, second, event_id)
    assert run.status == "succeeded"
    assert await shop.count("token") == 0


async def test_a_plain_call_that_was_cut_off_is_never_sent_twice(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub)))
    first = await hire()
    event_id = await shop.happen()
    first.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await first.kill()
    await _expire_leases(shop)
    run = await resting(shop, await hire(), event_id)
    assert run.status == "failed"
    assert run.error is not None
    assert run.error.code == "outcome_unknown"
    assert len(stub.requests) == 1
    rows = await shop.database.fetch(Sql("SELECT status FROM effect"))
    assert rows[0][0] in {"sending", "unknown"}


async def test_the_merchant_may_choose_twice_rather_than_never(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub), settings={"on_unknown": "send_again"}))
    first = await hire()
    event_id = await shop.happen()
    first.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await first.kill()
    stub.hold.set()
    await _expire_leases(shop)
    run = await resting(shop, await hire(), event_id)
    assert (run.status, len(stub.requests)) == ("succeeded", 2)


async def test_a_worker_that_lost_its_lease_writes_nothing_but_the_truth(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    stub.hold = asyncio.Event()
    await shop.activate(chain(START, call(stub)))
    zombie = await hire()
    event_id = await shop.happen()
    zombie.loop.look()
    await asyncio.wait_for(stub.arrived.wait(), 60)
    await _expire_leases(shop)
    run = await resting(shop, await hire(), event_id, "failed")
    stub.hold.set()
    await until(lambda: _is(zombie.driver.zombies == 1))
    rows = await shop.database.fetch(Sql("SELECT status FROM effect"))
    assert rows[0][0] == "sent"
    assert (await shop.run_of(event_id)).status == run.status


async def test_cancelling_a_waiting_run_ends_it(shop: Shop, worker: Worker) -> None:
    await shop.activate(
        chain(START, node("wait", "flow.delay@1", amount=1, unit="hours"), WHATSAPP)
    )
    event_id = await shop.happen()
    waiting = await resting(shop, worker, event_id, "waiting")
    await cancel_run(shop.database, 1, waiting.id)
    run = await shop.run_of(event_id)
    assert (run.status, run.steps[-1].status) == ("cancelled", "skipped")
    assert await shop.count("token") == 0


async def test_a_run_that_kills_its_worker_is_set_aside_after_three_times(
    shop: Shop, hire: Hire, stub: Stub
) -> None:
    await shop.activate(chain(START, WHATSAPP))
    event_id = await shop.happen()
    await shop.database.run(_abandoned(event_id))
    worker = await hire()
    await until(lambda: _status_is(shop, worker, "quarantined"))
    run = await shop.run_of(event_id)
    assert run.error is not None
    await revival.resume_run(shop.database, 1, run.id)
    assert (await resting(shop, worker, event_id)).status == "succeeded"


async def test_two_branches_act_side_by_side(shop: Shop, worker: Worker, stub: Stub) -> None:
    graph = chain(START, call(stub))
    graph["nodes"] += [{**call(stub), "id": "second"}, WHATSAPP]
    graph["edges"] += [edge("start", "second"), edge("start", "tell")]
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert run.status == "succeeded"
    assert sorted(step.node_id for step in run.steps) == ["call", "second", "start", "tell"]
    assert len(stub.requests) == 2


async def test_a_hundred_events_become_a_hundred_runs_in_few_commits(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, WHATSAPP))
    events = [await shop.happen() for _ in range(100)]
    worker.loop.look()

    async def all_done() -> bool:
        rows = await shop.database.fetch(Sql("SELECT count(*) FROM run WHERE status = 'succeeded'"))
        return int(rows[0][0]) == len(events)

    await until(all_done)
    assert await shop.count("outbox_message") == 100
    assert worker.driver._commits.commits <= 100


async def _is(value: bool) -> bool:
    return value


async def _status_is(shop: Shop, worker: Worker, status: str) -> bool:
    worker.loop.look()
    rows = await shop.database.fetch(Sql("SELECT status FROM run"))
    return bool(rows) and rows[0][0] == status


async def _expire_leases(shop: Shop) -> None:
    await shop.database.run(_expire())


def _expire() -> Transaction[None]:
    yield Sql("UPDATE run SET lease_until = 0 WHERE lease_until IS NOT NULL")


def _abandoned(event_id: str) -> Transaction[None]:
    """A run that two workers died of without any progress, and a third one now."""
    yield Sql(
        "INSERT INTO run (workspace_id, id, workflow_id, version, event_id, subject, status, "
        "created_at, wake_at, lease_by, lease_until, fence, crashes, next_token, step_count) "
        "SELECT 1, 'poison', workflow_id, 1, $1, '', 'running', 1, 1, 'dead', 0, 3, 2, 1, 0 "
        "FROM workflow_version",
        (event_id,),
    )
    yield Sql("UPDATE event SET routed_at = 1 WHERE id = $1", (event_id,))
