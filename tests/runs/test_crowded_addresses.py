"""A crowd at one address: who finds no room gives the hand back, and is called when there is some.

The rules alone stand in tests/outbound/test_doors.py, a whole worker in
tests/recovery/test_slow_providers.py.
"""

import asyncio

import orjson

from cartwheel.clock import now_ms
from cartwheel.outbound.limits import SHORTEST_SLEEP_SECONDS
from cartwheel.outbound.pace import ADDRESS_PACE
from cartwheel.runs.service import cancel_run
from cartwheel.statements import Sql, Transaction
from tests.runs.conftest import START, Shop, Stub, Worker, answer, chain, node, resting, until

FIRST = ADDRESS_PACE.at_first


async def test_those_who_found_no_room_are_called_as_soon_as_there_is_some_but_not_the_cancelled(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    """They would come by themselves too, but only tomorrow."""
    stub.hold, began = asyncio.Event(), now_ms()
    await shop.activate(
        chain(START, node("call", "action.http_request@1", method="POST", url=stub.url))
    )
    for number in range(FIRST + 4):
        await shop.happen({"order": {"id": str(number)}})
    worker.loop.look()
    await until(lambda: _are_asleep(shop, 4))
    asleep = await _asleep(shop)
    assert {words for _, words, _ in asleep} == {
        f"Waits for its turn: “127.0.0.1:{stub.port}” takes no more now."
    }
    assert min(wake_at for *_, wake_at in asleep) > began + SHORTEST_SLEEP_SECONDS * 500
    await shop.database.run(_sleep_until_tomorrow())
    await cancel_run(shop.database, 1, asleep[0][0])
    stub.hold.set()
    await until(lambda: _have_ended(shop, FIRST + 3))
    assert len(stub.requests) == FIRST + 3


async def test_an_address_that_complains_is_asked_more_slowly_and_one_beside_it_is_not(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    stub.answers = [answer(429, b"{}", "Retry-After: 5")]
    call = node("call", "action.http_request@1", method="POST", url=stub.url)
    await shop.activate(chain(START, call))
    await resting(shop, worker, await shop.happen(), "waiting")
    lines = worker.driver._way_out.doors.lines
    slowed, other = lines.of(f"1 http://127.0.0.1:{stub.port}", 0.0), lines.of("1 http://b:80", 0.0)
    assert slowed.per_second(asyncio.get_running_loop().time()) < 100
    assert other.per_second(asyncio.get_running_loop().time()) >= 100


async def test_what_an_answer_tells_of_its_bucket_is_the_pace_of_the_next_calls(
    shop: Shop, worker: Worker, stub: Stub
) -> None:
    """As Shopify's GraphQL answers: 10 points a call, 50 come back in a second, 120 are left."""
    status = {"maximumAvailable": 1000.0, "currentlyAvailable": 120, "restoreRate": 50.0}
    cost = {"requestedQueryCost": 10, "actualQueryCost": 10, "throttleStatus": status}
    stub.answers = [answer(200, orjson.dumps({"data": {}, "extensions": {"cost": cost}}))]
    call = node("call", "action.http_request@1", method="POST", url=stub.url)
    await shop.activate(chain(START, call))
    await resting(shop, worker, await shop.happen(), "succeeded")
    line = worker.driver._way_out.doors.lines.of(f"1 http://127.0.0.1:{stub.port}", 0.0)
    assert 0 < line.per_second(asyncio.get_running_loop().time()) <= 5


def _sleep_until_tomorrow() -> Transaction[None]:
    yield Sql("UPDATE run SET wake_at = wake_at + 86400000 WHERE status = 'waiting'")


async def _asleep(shop: Shop) -> list[tuple[str, str, int]]:
    rows = await shop.database.fetch(
        Sql(
            "SELECT run.id, step.words, run.wake_at FROM run JOIN step ON step.run_id = run.id "
            "WHERE run.status = 'waiting' AND run.lease_until IS NULL AND step.node_id = 'call'"
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def _are_asleep(shop: Shop, number: int) -> bool:
    return len(await _asleep(shop)) == number


async def _have_ended(shop: Shop, number: int) -> bool:
    return await shop.count("run WHERE status = 'succeeded'") == number
