"""Events that come in the wrong order (F11). What follows stands in docs/operations.md."""

from typing import Any

import pytest

from cartwheel.clock import derived_id, now_ms
from cartwheel.events.models import Event
from tests.runs.conftest import START, Shop, Worker, chain, node, resting

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def waits(event_type: str) -> dict[str, Any]:
    given = {"event_type": event_type, "match": "order", "amount": 3, "unit": "days"}
    return node(event_type, "flow.wait_for_event@1", **given)


def order(number: str) -> dict[str, Any]:
    return {"order": {"id": number}}


async def happened(shop: Shop, data: dict[str, Any], kind: str, seconds_ago: int) -> None:
    """An event that came so long ago, and was looked at then: one that is looked at only now may be
    heard by a wait that has begun meanwhile."""
    moment = now_ms() - seconds_ago * 1000
    async with shop.database.write() as session:
        session.add(
            Event(
                workspace_id=1, id=derived_id(moment, kind), type=kind, source="api", data=data,
                received_at=moment, routed_at=moment,
            )
        )  # fmt: skip


async def test_a_payment_that_came_before_its_order_counts_for_a_minute(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, waits("order_paid")))
    await happened(shop, order("old"), "order_paid", seconds_ago=90)
    await happened(shop, order("new"), "order_paid", seconds_ago=30)
    late = await shop.happen(order("old"))
    early = await shop.happen(order("new"))
    assert (await resting(shop, worker, early)).status == "succeeded"
    assert (await resting(shop, worker, late, "waiting")).status == "waiting"


@on_sqlite
async def test_a_message_that_was_read_before_it_was_delivered_counts_as_both(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(START, waits("message_delivered"), waits("message_read")))
    event_id = await shop.happen(order("1"))
    await resting(shop, worker, event_id, "waiting")
    await shop.happen(order("1"), "message_read")
    await shop.happen(order("1"), "message_delivered")
    run = await resting(shop, worker, event_id)
    assert {step.node_id: step.port for step in run.steps[1:]} == {
        "message_delivered": "done",
        "message_read": "done",
    }


@on_sqlite
async def test_each_workflow_runs_once_whichever_event_of_an_order_came_first(
    shop: Shop, worker: Worker
) -> None:
    await shop.activate(chain(node("start", "trigger.order_paid@1")), "order_paid")
    await shop.activate(chain(START))
    for event_id in (await shop.happen(order("1"), "order_paid"), await shop.happen(order("1"))):
        assert (await resting(shop, worker, event_id)).status == "succeeded"
    assert await shop.count("run") == 2
