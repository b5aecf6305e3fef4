"""Processes of one installation on a database of the test's, and a provider that counts by key."""

import asyncio
import contextlib
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.running import without_settings

START_SECONDS = 120.0
ENDED = "('succeeded', 'failed', 'quarantined', 'cancelled')"


@dataclass
class KeyedProvider:
    """The outside: which idempotency keys it was called with, for each body."""

    keys: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    answered: int = 0
    limit: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """How many more answers it gives: the test decides how far the load goes."""
    waiting: int = 0
    port: int = 0

    def give(self, answers: int) -> None:
        """Let it answer so many more calls."""
        for _ in range(answers):
            self.limit.release()

    async def serve(self, host: str = "127.0.0.1") -> asyncio.Server:
        server = await asyncio.start_server(self._answer, host, 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def has_answered(self, times: int) -> None:
        """Wait until it has answered so many calls."""
        async with asyncio.timeout(START_SECONDS):
            while self.answered < times:  # noqa: ASYNC110  (another process asks)
                await asyncio.sleep(0.01)

    async def has_lost(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the one process that calls, and wait until none of its calls is waited for: they
        would get the answers that are meant for the next one."""
        process.kill()
        process.wait()
        async with asyncio.timeout(START_SECONDS):
            while self.waiting:  # noqa: ASYNC110  (the kernel closes its connections)
                await asyncio.sleep(0.01)

    async def _until_allowed(self, reader: asyncio.StreamReader) -> None:
        self.waiting += 1
        gone = asyncio.ensure_future(reader.read(1))  # It says nothing more before our answer.
        allowed = asyncio.ensure_future(self.limit.acquire())
        await asyncio.wait({gone, allowed}, return_when=asyncio.FIRST_COMPLETED)
        self.waiting -= 1
        is_gone = gone.done()
        for task in (gone, allowed):
            task.cancel()
        await asyncio.wait({gone, allowed})
        if is_gone:
            raise ConnectionError

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):  # A killed worker.
            while True:
                await self._one(reader, writer)
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n") if ": " in line)
        body = (await reader.readexactly(int(fields["content-length"]))).decode()
        self.keys[body].append(fields["idempotency-key"])
        await self._until_allowed(reader)
        self.answered += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()


@dataclass
class Fleet:
    """Starts processes with one set of settings; `stop` ends them all."""

    environment: Mapping[str, str]
    logs: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str, inside: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """A command of ours, run by `inside` (such as `ip netns exec one`) if given."""
        log = (self.logs / f"process-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [*inside, sys.executable, "-P", "-m", "cartwheel", *command],
            env=without_settings(self.environment), stderr=log, stdout=log,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


async def answers(url: str) -> None:
    """Wait until an API answers there."""
    async with httpx.AsyncClient() as client, asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"{url}/healthz", timeout=2)).status_code == 200:
                    return
            await asyncio.sleep(0.05)


async def count(database: Database, what: str) -> int:
    """How many rows `what` (a table with its condition) has."""
    rows = await database.fetch(Sql(f"SELECT count(*) FROM {what}"))
    return int(rows[0][0])


async def all_ended(database: Database, runs: int, seconds: float = 200.0) -> None:
    """Wait until so many runs have ended."""
    async with asyncio.timeout(seconds):
        while await count(database, f"run WHERE status IN {ENDED}") < runs:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
