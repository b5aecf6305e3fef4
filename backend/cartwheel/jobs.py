"""The bell: tells workers that the book has something new. Losing a ring costs a second, no more.

Redis carries two bells: a pub/sub message (fast, forgotten when nobody listens) and an arq job
(kept until a worker takes it). Neither carries data; both only say "look". `live` is a third
channel: ids of runs that changed, for the screens that watch.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any

import orjson
from arq import Worker, create_pool, func
from arq.connections import ArqRedis, RedisSettings
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from cartwheel import tally

QUEUE = "cartwheel:jobs"
BELL_CHANNEL = "cartwheel:bell"
LIVE_CHANNEL = "cartwheel:live"
NUMBERS = "cartwheel:numbers"
NUMBERS_KEPT_SECONDS = 60 * 60
RING_DEADLINE_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 5.0
SILENCE_SECONDS = 5.0
ASK_FOR_JOBS_SECONDS = 0.5
"""How often arq asks Redis for jobs: it is the bell that is kept, and the other one is the fast one
(docs/decisions/0017-operations.md)."""

_log = logging.getLogger(__name__)
_AWAY = (RedisError, OSError, TimeoutError)


def redis_settings(url: str) -> RedisSettings:
    """Settings that fail fast: a frozen Redis must not hold anybody up."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout, settings.conn_retries = 1, 0
    return settings


class Bell:
    """Rings for the workers. `ring` and `tell` return at once and never fail."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._redis: ArqRedis | None = None
        self._wanted = asyncio.Event()
        self._rung = False
        self._news: list[dict[str, Any]] = []
        self._task: asyncio.Task[None] | None = None
        self.rings = 0
        self.reachable = True

    def ring(self) -> None:
        """Say that there is something to do; many calls before the next ring make one."""
        self._rung = True
        self._wake()

    def tell(self, news: dict[str, Any]) -> None:
        """Pass news to the screens that watch; dropped when Redis is away."""
        if len(self._news) < 1_000:
            self._news.append(news)
        self._wake()

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
        await self._let_go()

    async def _let_go(self) -> None:
        redis, self._redis = self._redis, None
        if redis is not None:
            with suppress(*_AWAY):
                await asyncio.wait_for(redis.aclose(), RING_DEADLINE_SECONDS)

    def _wake(self) -> None:
        if self._url is None:
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._carry(), name="bell")
        self._wanted.set()

    async def _carry(self) -> None:
        """One trip for everything that was asked since the last; on failure the trip is lost."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            rung, self._rung = self._rung, False
            news, self._news = self._news, []
            try:
                async with asyncio.timeout(RING_DEADLINE_SECONDS):
                    await self._trip(rung, news)
                self._back()
            except _AWAY as error:
                await self._gone(error)

    async def _trip(self, rung: bool, news: list[dict[str, Any]]) -> None:
        if self._redis is None:
            self._redis = await connect(self._url or "")
        if rung:  # First of all: somebody's message waits for it.
            self.rings += 1
            tally.add("bells")
            await self._redis.publish(BELL_CHANNEL, b"")
        if news:
            await self._redis.publish(LIVE_CHANNEL, orjson.dumps(news))
        if rung:
            await self._redis.enqueue_job("look", _queue_name=QUEUE)

    def _back(self) -> None:
        if not self.reachable:
            _log.warning("redis is back")
        self.reachable = True

    async def _gone(self, error: BaseException) -> None:
        """Said once; the pollers carry on without a bell."""
        if self.reachable:
            _log.warning("redis is away (%s); workers look by themselves until it is back", error)
        self.reachable = False
        await self._let_go()
        await asyncio.sleep(0.5)


async def connect(url: str) -> ArqRedis:
    """An arq client that writes JSON, never pickle."""
    return await create_pool(
        redis_settings(url), job_serializer=orjson.dumps, job_deserializer=orjson.loads
    )


async def listen_for_bell(url: str, ring: Callable[[], None]) -> None:
    """Call `ring` for every fast bell, for ever, and once when it can be heard: what rang before
    then was not. Reconnects with backoff."""
    async for _ in _messages(url, BELL_CHANNEL):
        ring()


async def live_news(url: str) -> AsyncGenerator[list[dict[str, Any]]]:
    """News as told by `Bell.tell`, for ever, and none at all when it begins to hear. Reconnects
    with backoff."""
    async with aclosing(_messages(url, LIVE_CHANNEL)) as messages:
        async for message in messages:
            with suppress(orjson.JSONDecodeError):  # Others may publish on a shared Redis.
                yield orjson.loads(message)


async def _messages(url: str, channel: str) -> AsyncGenerator[bytes]:
    """Says once when Redis goes, or is not there: an address with a slip of the pen costs nothing
    but speed, so nobody would notice."""
    backoff, is_said = 0.1, False
    while True:
        redis = Redis.from_url(url, socket_connect_timeout=2)
        try:
            async with redis.pubsub() as subscription:
                await subscription.subscribe(channel)
                async for message in _heard(subscription):
                    backoff, is_said = 0.1, False
                    yield message
        except _AWAY as error:
            if not is_said:
                _log.warning(
                    "redis does not answer (%s); everything goes on, a second later", error
                )
            is_said = True
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
        finally:
            with suppress(*_AWAY):
                await redis.aclose()


async def _heard(subscription: PubSub) -> AsyncIterator[bytes]:
    """What is published, after an empty list when it can be heard. Raises `TimeoutError` when Redis
    is silent although it was asked to answer: a frozen one, or one behind a broken line, never ends
    a connection by itself."""
    asked = False
    while True:
        message = await subscription.get_message(timeout=SILENCE_SECONDS)
        if message is None and asked:
            raise TimeoutError("redis does not answer")
        asked = message is None
        if asked:
            await subscription.ping()
        elif message["type"] == "subscribe":
            yield b"[]"
        elif message["type"] == "message":
            yield message["data"]


async def answer_jobs(url: str, ring: Callable[[], None]) -> None:
    """Run arq's worker for ever: its one job takes no arguments and only calls `ring`.

    arq's worker ends by itself when Redis goes, so it is started again with backoff.
    """
    backoff = 0.1
    while True:
        started = asyncio.get_running_loop().time()
        try:
            await _answer_until_redis_goes(url, ring)
        except _AWAY:
            pass  # The first to notice, the bell, says so.
        except Exception:  # noqa: BLE001  (nothing that lies in Redis may silence the bell)
            _log.exception("arq's worker stumbled and starts again")
        if asyncio.get_running_loop().time() - started > LONGEST_BACKOFF_SECONDS:
            backoff = 0.1
        await asyncio.sleep(backoff)
        backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)


async def _answer_until_redis_goes(url: str, ring: Callable[[], None]) -> None:
    redis = await connect(url)
    try:
        await _arq_worker(redis, ring).main()
    finally:
        with suppress(*_AWAY):
            await asyncio.wait_for(redis.aclose(), RING_DEADLINE_SECONDS)


def _arq_worker(redis: ArqRedis, ring: Callable[[], None]) -> Worker:
    async def look(_context: dict[str, Any]) -> None:
        tally.add("jobs")
        ring()

    return Worker(
        functions=[func(look, name="look", keep_result=0, max_tries=1)],  # type: ignore[arg-type]
        queue_name=QUEUE,
        redis_pool=redis,
        handle_signals=False,
        poll_delay=ASK_FOR_JOBS_SECONDS,
        keep_result=0,
        job_serializer=orjson.dumps,
        job_deserializer=orjson.loads,
    )


async def write_numbers(url: str, process: str, numbers: dict[str, Any]) -> bool:
    """Show a process's numbers to the others; False when Redis is away."""
    redis = Redis.from_url(url, socket_connect_timeout=1)
    try:
        async with asyncio.timeout(RING_DEADLINE_SECONDS):
            await redis.hset(NUMBERS, process, orjson.dumps(numbers).decode())
            await redis.expire(NUMBERS, NUMBERS_KEPT_SECONDS)
    except _AWAY:
        return False
    finally:
        with suppress(*_AWAY):
            await redis.aclose()
    return True


async def read_numbers(url: str) -> list[dict[str, Any]]:
    """What every process has shown lately; nothing when Redis is away."""
    redis = Redis.from_url(url, socket_connect_timeout=1)
    try:
        async with asyncio.timeout(RING_DEADLINE_SECONDS):
            found = await redis.hvals(NUMBERS)
    except _AWAY:
        return []
    finally:
        with suppress(*_AWAY):
            await redis.aclose()
    return [orjson.loads(each) for each in found]
