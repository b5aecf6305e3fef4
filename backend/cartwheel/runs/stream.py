"""Runs and events as they happen, for the screens that watch.

Workers tell what they committed through Redis; an API process that has watchers listens once and
hands them the news, so that a flood of news that nobody reads costs nothing. Without Redis the
process asks the book instead, once a second.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Any

import orjson

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.events.news import event_news
from cartwheel.jobs import live_news
from cartwheel.statements import Sql

POLL_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 5.0
"""How long a stream says nothing, and how long it may outlive the session that opened it."""
HEARING_SECONDS = 1.0
"""How long a welcome waits for Redis."""
_LARGEST_BACKLOG = 500
_MOST_LOOKED_AT = 2_000
_FIELDS = {"run": ("id", "workflow_id", "status"), "event": ("id",)}
_log = logging.getLogger(__name__)

News = dict[str, Any]
Welcome = Callable[[], Awaitable[bool]]
"""Whether the watcher may still watch: asked again and again, because sessions end."""


class LiveStream:
    """One process's watchers. `watch` yields server-sent events for one workspace."""

    def __init__(self, database: Database, redis_url: str | None) -> None:
        self._database, self._redis_url = database, redis_url
        self._watchers: dict[asyncio.Queue[News | None], int] = {}
        self._newest_events: dict[int, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._is_watched, self._hears = asyncio.Event(), asyncio.Event()

    def start(self) -> None:
        """Begin to listen."""
        listen = self._listen if self._redis_url else self._poll
        self._task = asyncio.create_task(listen(), name="live-stream")

    async def close(self) -> None:
        """End every open stream, so that the server can stop."""
        self._closing = True
        for queue in self._watchers:
            _push(queue, None)
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def watch(
        self, workspace_id: int, after: str | None, is_welcome: Welcome
    ) -> AsyncGenerator[bytes]:
        """News for one watcher until it leaves or is not welcome any more; starts with what it
        missed since `after`."""
        queue: asyncio.Queue[News | None] = asyncio.Queue(_LARGEST_BACKLOG)
        self._watchers[queue] = workspace_id
        await self._be_all_ears()
        clock = asyncio.get_running_loop().time
        try:
            yield b": welcome\n\n"
            for news in await self._missed(workspace_id, after):
                yield _event(news)
            ask_at = clock() + KEEP_ALIVE_SECONDS
            while not self._closing:
                try:
                    async with asyncio.timeout_at(ask_at):
                        news_or_end = await queue.get()
                except TimeoutError:
                    if not await is_welcome():
                        return
                    ask_at = clock() + KEEP_ALIVE_SECONDS
                    yield b": still here\n\n"
                    continue
                if news_or_end is None:
                    return
                yield _event(news_or_end)
        finally:
            self._watchers.pop(queue, None)

    def _hand_out(self, news: News) -> None:
        """A watcher that does not keep up loses news; its screen asks again when it falls idle."""
        for queue, workspace_id in self._watchers.items():
            if workspace_id == news["workspace_id"]:
                _push(queue, news)

    async def _be_all_ears(self) -> None:
        """Nothing that happens after the welcome is missed, unless Redis is away."""
        self._is_watched.set()
        if self._redis_url:
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARING_SECONDS):
                    await self._hears.wait()

    async def _listen(self) -> None:
        while True:
            await self._is_watched.wait()
            async with aclosing(live_news(self._redis_url or "")) as batches:
                async for batch in batches:
                    self._hears.set()
                    for news in batch:
                        self._hand_out(news)
                    if not self._watchers:
                        self._is_watched.clear()
                        self._hears.clear()
                        break

    async def _poll(self) -> None:
        seen = now_ms()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self._watchers:
                seen = now_ms()
                continue
            try:
                seen = await self._ask(seen)
                await self._ask_for_events()
            except Busy as error:
                _log.warning("live stream: %s", error.detail)

    async def _ask(self, seen: int) -> int:
        now = now_ms()
        rows = await self._database.fetch(
            Sql(
                "SELECT workspace_id, id, workflow_id, status FROM run WHERE created_at >= $1 "
                "OR finished_at >= $1 OR lease_until >= $1 LIMIT 500",
                (seen,),
            )
        )
        for row in rows:
            self._hand_out(_news(tuple(row)))
        return now

    async def _ask_for_events(self) -> None:
        """One look per workspace that is watched: the newest event stands for all new ones."""
        for workspace_id in set(self._watchers.values()):
            rows = await self._database.fetch(
                Sql(
                    "SELECT id FROM event WHERE workspace_id = $1 ORDER BY id DESC LIMIT 1",
                    (workspace_id,),
                )
            )
            newest = rows[0][0] if rows else ""
            if newest > self._newest_events.setdefault(workspace_id, newest):
                self._newest_events[workspace_id] = newest
                self._hand_out(event_news(workspace_id, newest))

    async def _missed(self, workspace_id: int, after: str | None) -> list[News]:
        """Runs that changed after the event id (milliseconds) that a watcher saw last."""
        if not after or not after.isdigit() or len(after) > 15:
            return []
        rows = await self._database.fetch(
            Sql(
                "SELECT workspace_id, id, workflow_id, status FROM ("
                "SELECT workspace_id, id, workflow_id, status, created_at, finished_at FROM run "
                "WHERE workspace_id = $1 ORDER BY id DESC LIMIT $3) AS newest "
                "WHERE created_at >= $2 OR finished_at >= $2 ORDER BY id DESC LIMIT 200",
                (workspace_id, int(after), _MOST_LOOKED_AT),
            )
        )
        return [_news(tuple(row)) for row in rows]


def run_news(workspace_id: int, run_id: str, workflow_id: str, status: str) -> News:
    """What workers tell of a run after a commit."""
    return _news((workspace_id, run_id, workflow_id, status))


def _news(row: tuple[Any, ...]) -> News:
    return {"workspace_id": row[0], "id": row[1], "workflow_id": row[2], "status": row[3]}


def _push(queue: asyncio.Queue[News | None], news: News | None) -> None:
    """The end gets in even where the queue is full of what nobody reads."""
    if not queue.full():
        queue.put_nowait(news)
    elif news is None:
        queue.get_nowait()
        queue.put_nowait(None)


def _event(news: News) -> bytes:
    """`Last-Event-ID` is the time, so that a watcher can come back to any process."""
    kind = news.get("kind", "run")
    body = orjson.dumps({key: news[key] for key in _FIELDS[kind]})
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (now_ms(), kind.encode(), body)
