"""A Cartwheel of real processes on a database of the test's, to be killed in every way."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.running import free_port, without_settings

START_SECONDS = 60.0
Json = Any


@dataclass
class Provider:
    """The outside: counts what it was asked by the order's id, and answers as it is told."""

    calls: Counter[str] = field(default_factory=Counter)
    delay_seconds: float = 0.0
    hold: asyncio.Event | None = None
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # A worker was killed.
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        self.calls[(await reader.readexactly(length)).decode()] += 1
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(self.delay_seconds)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()

    @property
    def total(self) -> int:
        return sum(self.calls.values())


@dataclass
class Installation:
    """Processes on one database, and what a client and the book say about them."""

    data: Path
    database: Database
    provider: Provider
    redis_url: str
    token: str = ""
    port: int = field(default_factory=free_port)
    faults: Counter[str] = field(default_factory=Counter)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    # --- processes ---

    def start_worker(self, name: str, *, failpoints: str = "", script: str = "") -> "Process":
        """A worker that also frees what its namesake held when it died."""
        command = ["-c", script] if script else ["-P", "-m", "cartwheel", "worker", "--name", name]
        dead = {"CARTWHEEL_DEAD_WORKER": name, "CARTWHEEL_FAILPOINTS": failpoints}
        return self._start(command, dead)

    async def start_api(self, *, failpoints: str = "") -> "Process":
        """The API, answering."""
        serve = ["-P", "-m", "cartwheel", "serve", "--port", str(self.port)]
        process = self._start(serve, {"CARTWHEEL_FAILPOINTS": failpoints})
        async with httpx.AsyncClient() as client, asyncio.timeout(START_SECONDS):
            while not await _is_up(client, self.port):  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.05)
        return process

    def _start(self, command: Sequence[str], extra: Mapping[str, str]) -> "Process":
        environment = without_settings(
            {
                "CARTWHEEL_DATA_DIR": str(self.data),
                "CARTWHEEL_DATABASE_URL": self.database.url,
                "CARTWHEEL_REDIS_URL": self.redis_url,
                "CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{self.provider.port}",
                **extra,
            }
        )
        log = (self.data / f"process-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen([sys.executable, *command], env=environment, stderr=log)
        self.processes.append(process)
        return Process(self, process)

    def stop(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()

    # --- the client ---

    async def post(self, client: httpx.AsyncClient, order: str, **extra: Json) -> bool:
        """Report an order as a patient sender does: again until there is a 2xx.

        Returns whether it was a duplicate.
        """
        event = {"type": "order_created", "id": order, "data": {"order": {"id": order, **extra}}}
        while True:
            try:
                answer = await client.post("/api/events", json=event)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return bool(answer.json()["duplicate"])
            assert answer is None or answer.status_code == 503, answer.text
            await asyncio.sleep(0.1)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    # --- the book ---

    async def statuses(self) -> Counter[str]:
        rows = await self.database.fetch(Sql("SELECT status, count(*) FROM run GROUP BY status"))
        return Counter({row[0]: row[1] for row in rows})

    async def count(self, question: str) -> int:
        rows = await self.database.fetch(Sql(f"SELECT count(*) FROM {question}"))
        return int(rows[0][0])

    async def settled(self, runs: int, seconds: float = 60.0) -> Counter[str]:
        """How the runs ended, once there are as many and all have."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.statuses()
                if sum(found[status] for status in _ENDED) >= runs:
                    return found
                await asyncio.sleep(0.05)


_ENDED = ("succeeded", "failed", "quarantined", "cancelled")


@dataclass
class Process:
    """One process of an installation."""

    installation: Installation
    process: subprocess.Popen[bytes]

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        self.installation.faults[number.name] += 1
        os.kill(self.process.pid, number)

    async def died(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            while self.is_alive:  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.02)


async def _is_up(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    except httpx.HTTPError:
        return False
