"""Runs as they happen, for the screens that watch.

Workers tell what they committed through Redis; every API process listens once and hands the news
to its own watchers. Without Redis the process asks the book instead, once a second.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import orjson

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.jobs import live_news
from cartwheel.statements import Sql

POLL_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 15.0
_LARGEST_BACKLOG = 500
_MOST_LOOKED_AT = 2_000
_log = logging.getLogger(__name__)


class LiveStream:
    """One process's watchers. `watch` yields server-sent events for one workspace."""

    def __init__(self, database: Database, redis_url: str | None) -> None:
        self._database, self._redis_url = database, redis_url
        self._watchers: dict[asyncio.Queue[dict[str, Any]], int] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def start(self) -> None:
        """Begin to listen."""
        listen = self._listen if self._redis_url else self._poll
        self._task = asyncio.create_task(listen(), name="live-stream")

    async def close(self) -> None:
        """End every open stream, so that the server can stop."""
        self._closing.set()
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def watch(self, workspace_id: int, after: str | None) -> AsyncIterator[bytes]:
        """Events for one watcher until it leaves; starts with what it missed since `after`."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_LARGEST_BACKLOG)
        self._watchers[queue] = workspace_id
        try:
            yield b": welcome\n\n"
            for news in await self._missed(workspace_id, after):
                yield _event(news)
            while not self._closing.is_set():
                news_or_none = await self._next(queue)
                yield b": still here\n\n" if news_or_none is None else _event(news_or_none)
                if self._closing.is_set():
                    return
        finally:
            self._watchers.pop(queue, None)

    async def _next(self, queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any] | None:
        waiting = asyncio.ensure_future(queue.get())
        closing = asyncio.ensure_future(self._closing.wait())
        done, pending = await asyncio.wait(
            {waiting, closing}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        for task in pending:
            task.cancel()
        return waiting.result() if waiting in done else None

    def _hand_out(self, news: dict[str, Any]) -> None:
        """A watcher that does not keep up loses news; its screen asks again when it falls idle."""
        for queue, workspace_id in self._watchers.items():
            if workspace_id == news["workspace_id"] and not queue.full():
                queue.put_nowait(news)

    async def _listen(self) -> None:
        async for batch in live_news(self._redis_url or ""):
            for news in batch:
                self._hand_out(news)

    async def _poll(self) -> None:
        seen = now_ms()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self._watchers:
                seen = now_ms()
                continue
            try:
                seen = await self._ask(seen)
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

    async def _missed(self, workspace_id: int, after: str | None) -> list[dict[str, Any]]:
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


def run_news(workspace_id: int, run_id: str, workflow_id: str, status: str) -> dict[str, Any]:
    """What workers tell of a run after a commit."""
    return _news((workspace_id, run_id, workflow_id, status))


def _news(row: tuple[Any, ...]) -> dict[str, Any]:
    return {"workspace_id": row[0], "id": row[1], "workflow_id": row[2], "status": row[3]}


def _event(news: dict[str, Any]) -> bytes:
    """`Last-Event-ID` is the time, so that a watcher can come back to any process."""
    body = orjson.dumps({key: news[key] for key in ("id", "workflow_id", "status")})
    return b"id: %d\nevent: run\ndata: %s\n\n" % (now_ms(), body)
