"""The live stream tells a workspace of its own runs, and of nobody else's."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from cartwheel.jobs import LIVE_CHANNEL, Bell
from cartwheel.runs.stream import POLL_SECONDS, LiveStream, run_news
from tests.runs.conftest import START, Shop, Worker, chain, node, resting, until
from tests.valkey import Valkey, running_valkey

TELL = node("tell", "action.send_sms@1", to="{{ customer.phone }}", text="Hi")


async def always() -> bool:
    """Whoever watches may go on."""
    return True


@pytest.fixture
async def valkey() -> AsyncIterator[Valkey]:
    async with running_valkey() as server:
        yield server


@pytest.fixture
async def stream(shop: Shop) -> AsyncIterator[LiveStream]:
    """A process's stream without Redis: it asks the book once a second."""
    live = LiveStream(shop.database, None)
    live.start()
    yield live
    await live.close()


async def _first(live: LiveStream, workspace_id: int, seconds: float) -> bytes | None:
    """The first event that a watcher of this workspace sees, or None within the time."""
    watching = live.watch(workspace_id, None, always)
    assert await anext(watching) == b": welcome\n\n"
    try:
        return await asyncio.wait_for(anext(watching), seconds)
    except TimeoutError:
        return None


async def test_a_watcher_sees_a_run_of_its_workspace_and_a_neighbour_does_not(
    shop: Shop, worker: Worker, stream: LiveStream
) -> None:
    await shop.activate(chain(START, TELL))
    ours = asyncio.create_task(_first(stream, 1, 60))
    theirs = asyncio.create_task(_first(stream, 2, 3))
    await asyncio.sleep(0)
    run = await resting(shop, worker, await shop.happen())
    seen = await ours
    assert seen is not None
    assert run.id.encode() in seen
    assert await theirs is None


async def test_closing_ends_every_open_stream(stream: LiveStream) -> None:
    async def watch_to_the_end() -> int:
        return len([said async for said in stream.watch(1, None, always)])

    watching = asyncio.create_task(watch_to_the_end())
    await asyncio.sleep(0.05)
    await stream.close()
    assert await asyncio.wait_for(watching, 60) >= 1


async def test_an_event_that_starts_nothing_is_told_too(shop: Shop, stream: LiveStream) -> None:
    await shop.happen(type="before_anybody_looked")
    watching = stream.watch(1, None, always)
    await anext(watching)
    told = asyncio.ensure_future(anext(watching))
    await asyncio.sleep(POLL_SECONDS * 1.5)
    event_id = await shop.happen(type="loyalty.points_earned")
    assert f'event: event\ndata: {{"id":"{event_id}"}}' in (await told).decode()


async def test_a_stream_ends_with_the_session_that_opened_it(
    stream: LiveStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartwheel.runs.stream.KEEP_ALIVE_SECONDS", 0.01)
    answers = iter([True, False])

    async def once() -> bool:
        return next(answers)

    async with asyncio.timeout(60):
        said = [each async for each in stream.watch(1, None, once)]
    assert said == [b": welcome\n\n", b": still here\n\n"]


async def test_redis_is_heard_only_while_somebody_watches(shop: Shop, valkey: Valkey) -> None:
    """News are heard from the welcome on; the first that nobody reads is the last."""
    live, bell = LiveStream(shop.database, valkey.url), Bell(valkey.url)
    live.start()
    for number in (1, 2):
        watching = live.watch(1, None, always)
        await anext(watching)
        bell.tell(run_news(1, f"run-{number}", "flow", "waiting"))
        assert f"run-{number}".encode() in await asyncio.wait_for(anext(watching), 60)
        await watching.aclose()
        bell.tell(run_news(1, "nobody-reads-this", "flow", "waiting"))
        await until(lambda: _is_deaf(valkey))
    await bell.close()
    await live.close()


async def _is_deaf(valkey: Valkey) -> bool:
    redis = Redis.from_url(valkey.url)
    ((_, listeners),) = await redis.pubsub_numsub(LIVE_CHANNEL)
    await redis.aclose()
    return int(listeners) == 0
