"""Heavy runs are in hand as many at a time as a worker's memory bears; light ones pass them by."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from cartwheel.runs import weighing
from cartwheel.runs.speculation import sizes_of_events
from cartwheel.runs.weighing import LIGHT_BYTES, BytesInHand, how_many_fit
from tests.runs.conftest import START, Hire, Shop, Stub, Worker, chain, node, until

HEAVY = "n" * LIGHT_BYTES


@pytest.fixture
def hold(stub: Stub) -> asyncio.Event:
    """Until it is set, nobody gets an answer."""
    stub.hold = asyncio.Event()
    return stub.hold


@pytest.fixture
async def shop_that_calls(shop: Shop, stub: Stub) -> Shop:
    call = node("call", "action.http_request@1", method="GET", url=f"{stub.url}/{{{{ order.id }}}}")
    await shop.activate(chain(START, call))
    return shop


async def test_heavy_runs_go_in_their_order_one_at_a_time_and_light_ones_pass_by(
    shop_that_calls: Shop, hire: Hire, stub: Stub, hold: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shop = shop_that_calls
    for number in range(3):
        await shop.happen({"order": {"id": f"heavy{number}", "note": HEAVY}})
    await shop.happen({"order": {"id": "light"}})
    worker = await hire()
    monkeypatch.setattr(worker.loop._bytes, "most", 2 * LIGHT_BYTES)
    worker.loop.look()
    await until(lambda: _called(stub, "heavy0", "light"))
    assert _paths(stub) == {"heavy0", "light"}
    await until(lambda: _moves(worker, 4))
    hold.set()
    await until(lambda: _called(stub, "heavy0", "light", "heavy1", "heavy2"))
    await until(lambda: _ended(shop, 4))
    last = [path for path in map(_path, stub.requests) if path.startswith("heavy")]
    assert last == ["heavy0", "heavy1", "heavy2"]


def _path(request: str) -> str:
    return request.split()[1].rpartition("/")[2]


def _paths(stub: Stub) -> set[str]:
    return {_path(request) for request in stub.requests}


async def _called(stub: Stub, *paths: str) -> bool:
    return _paths(stub) >= set(paths)


async def _moves(worker: Worker, number: int) -> bool:
    return worker.loop.moving == number


async def _ended(shop: Shop, number: int) -> bool:
    return await shop.count("run WHERE status = 'succeeded'") == number


async def test_only_as_many_events_are_taken_at_once_as_their_texts_fit(shop: Shop) -> None:
    for note in ("", HEAVY, HEAVY, ""):
        await shop.happen({"order": {"id": "1", "note": note}})
    fitting = [
        how_many_fit(await shop.database.ask(sizes_of_events(limit)), most, limit)
        for most, limit in ((10, 9), (LIGHT_BYTES + 500, 9), (10 * LIGHT_BYTES, 9), (10**9, 3))
    ]
    assert fitting == [1, 2, 9, 3]


async def test_what_is_heavier_than_all_that_is_allowed_goes_alone() -> None:
    hands, order = BytesInHand(LIGHT_BYTES), list[str]()

    async def move(name: str, stored_bytes: int) -> None:
        async with hands.hold(stored_bytes):
            order.append(name)
            await asyncio.sleep(0)
            order.append(f"end of {name}")

    async with asyncio.TaskGroup() as together:
        for name in ("one", "two"):
            together.create_task(move(name, 10 * LIGHT_BYTES))
    assert order == ["one", "end of one", "two", "end of two"]


async def test_whoever_is_called_off_while_he_waits_leaves_no_bytes_behind() -> None:
    hands = BytesInHand(LIGHT_BYTES)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(hands.hold(LIGHT_BYTES))
        waiting = asyncio.create_task(_hold_for_ever(hands))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with hands.hold(10 * LIGHT_BYTES):
        assert not hands.is_crowded


async def _hold_for_ever(hands: BytesInHand) -> None:
    async with hands.hold(LIGHT_BYTES):
        await asyncio.Event().wait()


async def test_a_worker_with_many_heavy_runs_waiting_takes_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weighing, "MOST_WAITING", 2)
    hands = BytesInHand(LIGHT_BYTES)
    waiting = [asyncio.create_task(_hold_for_ever(hands)) for _ in range(3)]
    await asyncio.sleep(0)
    assert hands.is_crowded
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert not hands.is_crowded
