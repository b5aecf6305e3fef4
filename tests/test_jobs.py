"""The bell never holds anybody up, whatever happens to Redis."""

import asyncio
import os
import pickle
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from cartwheel import jobs
from cartwheel.jobs import QUEUE, Bell, answer_jobs, listen_for_bell
from tests.valkey import Valkey, running_valkey


@pytest.fixture
async def valkey() -> AsyncIterator[Valkey]:
    async with running_valkey() as server:
        yield server


@asynccontextmanager
async def running(*tasks: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def rung(bell: Bell, heard: asyncio.Event) -> AsyncIterator[None]:
    """Rings until it was heard: a listener that is still connecting hears nothing."""
    heard.clear()
    async with asyncio.timeout(60):
        while not heard.is_set():
            bell.ring()
            await asyncio.sleep(0.05)
    yield


@pytest.mark.parametrize("listen", [listen_for_bell, answer_jobs])
async def test_a_ring_is_heard_again_after_redis_was_killed(valkey: Valkey, listen: object) -> None:
    heard, bell = asyncio.Event(), Bell(valkey.url)
    listener = asyncio.create_task(listen(valkey.url, heard.set))  # type: ignore[operator]
    async with running(listener):
        async with rung(bell, heard):
            valkey.send(signal.SIGKILL)
        bell.ring()
        await valkey.started()
        async with rung(bell, heard):
            await bell.close()
        assert not listener.done()


async def test_a_redis_that_does_not_answer_is_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries = asyncio.Semaphore(0)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.release()
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        listening = listen_for_bell(f"redis://127.0.0.1:{port}", asyncio.Event().set)
        async with running(asyncio.create_task(listening)), asyncio.timeout(60):
            for _ in range(3):
                await tries.acquire()
    assert [record.message.partition(" (")[0] for record in caplog.records].count(
        "redis does not answer"
    ) == 1


async def test_ringing_a_frozen_redis_holds_nobody_up(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "RING_DEADLINE_SECONDS", 0.2)
    monkeypatch.setattr(jobs, "SILENCE_SECONDS", 0.2)
    heard, bell = asyncio.Event(), Bell(valkey.url)
    listener = asyncio.create_task(listen_for_bell(valkey.url, heard.set))
    async with running(listener):
        async with rung(bell, heard):
            valkey.send(signal.SIGSTOP)
        bell.ring()
        async with asyncio.timeout(60):
            while bell.reachable:  # noqa: ASYNC110  (a server that does not answer)
                await asyncio.sleep(0.02)
        valkey.send(signal.SIGCONT)
        async with rung(bell, heard), asyncio.timeout(60):
            while not bell.reachable:
                bell.ring()
                await asyncio.sleep(0.02)
        await bell.close()


async def test_a_pickle_in_the_queue_runs_no_code_and_silences_nothing(
    valkey: Valkey, tmp_path: Path
) -> None:
    """T19."""

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path}/owned",)

    redis = Redis.from_url(valkey.url)
    await redis.set("arq:job:evil", pickle.dumps(Evil()))
    await redis.zadd(QUEUE, {"evil": 1})
    heard, bell = asyncio.Event(), Bell(valkey.url)
    async with running(asyncio.create_task(answer_jobs(valkey.url, heard.set))):
        async with rung(bell, heard):
            await bell.close()
        async with asyncio.timeout(60):
            while await redis.zscore(QUEUE, "evil") is not None:  # noqa: ASYNC110  (arq's own)
                await asyncio.sleep(0.02)
    await redis.aclose()
    assert not (tmp_path / "owned").exists()


async def test_without_redis_ringing_does_nothing() -> None:
    bell = Bell(None)
    bell.ring()
    bell.tell({"id": "1"})
    await bell.close()
    assert bell.rings == 0
