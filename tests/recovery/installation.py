"""A Cartwheel of real processes on a database of the test's, to be killed in every way."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from httpx_aiohttp import HttpxAiohttpClient

from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.statements import Sql
from tests.recovery.provider import Provider
from tests.running import free_port, without_settings

START_SECONDS = 120.0
ACCEPT, DRAIN = "accept", "drain"
Json = Any


@dataclass
class Installation:
    """Processes on one database, and what a client and the book say about them.

    `phase` is what the faults are counted under. `answer_ms` are the times of the answers that
    accepted something, `refusals` the other answers by status.
    """

    data: Path
    database: Database
    provider: Provider
    redis_url: str
    token: str = ""
    port: int = field(default_factory=free_port)
    phase: str = ACCEPT
    faults: dict[str, Counter[str]] = field(default_factory=lambda: {ACCEPT: Counter()})
    answer_ms: list[float] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    rss_mib: Counter[str] = field(default_factory=Counter)
    processes: list["Process"] = field(default_factory=list)

    def fault(self, name: str) -> None:
        """Count a fault in this phase."""
        self.faults.setdefault(self.phase, Counter())[name] += 1

    # --- processes ---

    def start_worker(
        self, name: str, *, failpoints: str = "", script: str = "", clock: str = ""
    ) -> "Process":
        """A worker that also frees what its namesake held when it died.

        `script` is Python to run instead of the command, `clock` what libfaketime makes of time.
        """
        command = ["-c", script] if script else ["-P", "-m", "cartwheel", "worker", "--name", name]
        extra = {"CARTWHEEL_DEAD_WORKER": name, "CARTWHEEL_FAILPOINTS": failpoints}
        return self._start("worker", command, {**extra, **(faked(clock) if clock else {})})

    async def start_api(self, *, failpoints: str = "", script: str = "") -> "Process":
        """The API, answering."""
        serve = ["-P", "-m", "cartwheel", "serve", "--port", str(self.port)]
        command = ["-c", script, str(self.port)] if script else serve
        process = self._start("api", command, {"CARTWHEEL_FAILPOINTS": failpoints})
        async with httpx.AsyncClient() as client, asyncio.timeout(START_SECONDS):
            while not await _is_up(client, self.port):  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.05)
        return process

    def _start(self, kind: str, command: Sequence[str], extra: Mapping[str, str]) -> "Process":
        environment = without_settings(
            {
                "CARTWHEEL_DATA_DIR": str(self.data),
                "CARTWHEEL_DATABASE_URL": self.database.url,
                "CARTWHEEL_REDIS_URL": self.redis_url,
                "CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{self.provider.port}",
                **extra,
            }
        )
        log = self.data / f"{kind}-{len(self.processes)}.log"
        with log.open("wb") as errors:
            opened = subprocess.Popen([sys.executable, *command], env=environment, stderr=errors)
        process = Process(self, kind, opened, log)
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for each in self.processes:
            with contextlib.suppress(ProcessLookupError):
                each.process.kill()
            each.process.wait()

    def weigh(self) -> None:
        """Note the largest memory that a process of each kind has had."""
        for each in self.processes:
            if each.process.poll() is None:
                with contextlib.suppress(psutil.Error):
                    mib = psutil.Process(each.process.pid).memory_info().rss >> 20
                    self.rss_mib[each.kind] = max(mib, self.rss_mib[each.kind])

    # --- the client ---

    def client(self) -> httpx.AsyncClient:
        return HttpxAiohttpClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
        )

    async def post(self, client: httpx.AsyncClient, order: str, **extra: Json) -> bool:
        """Report an order; returns whether it was a duplicate."""
        event = {"type": "order_created", "id": order, "data": {"order": {"id": order, **extra}}}
        return bool((await self.deliver(client, "/api/events", json=event))["duplicate"])

    async def deliver(self, client: httpx.AsyncClient, path: str, **request: Json) -> Json:
        """Send as a patient sender does: again until there is a 2xx. Returns its body."""
        while True:
            began = time.perf_counter()
            try:
                answer = await client.post(path, **request)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.is_success:
                self.answer_ms.append((time.perf_counter() - began) * 1000)
                return answer.json()
            if answer is not None:
                self.refusals[answer.status_code] += 1
                assert answer.status_code == 503, answer.text
                assert int(answer.headers["Retry-After"]) > 0
            await asyncio.sleep(0.1)

    # --- the book ---

    async def statuses(self) -> Counter[str]:
        rows = await self.database.fetch(Sql("SELECT status, count(*) FROM run GROUP BY status"))
        return Counter({row[0]: row[1] for row in rows})

    async def count(self, question: str) -> int:
        rows = await self.database.fetch(Sql(f"SELECT count(*) FROM {question}"))
        return int(rows[0][0])

    async def settled(self, runs: int, seconds: float = 60.0) -> Counter[str]:
        """How the runs ended, once there are as many and all have; by now we drain."""
        self.phase = DRAIN
        async with asyncio.timeout(seconds):
            while True:
                self.weigh()
                with contextlib.suppress(Busy):
                    found = await self.statuses()
                    if sum(found[status] for status in ENDED) >= runs:
                        return found
                await asyncio.sleep(0.05 if runs < 1_000 else 0.5)


ENDED = ("succeeded", "failed", "quarantined", "cancelled")


@dataclass
class Process:
    """One process of an installation; `log` is what it said."""

    installation: Installation
    kind: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.installation.weigh()
        self.send(signal.SIGKILL)
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        self.installation.fault(f"{self.kind} {number.name}")
        os.kill(self.process.pid, number)

    async def freeze(self) -> None:
        """Stop it in the middle, but not while it writes: its locks would freeze with it, and
        nobody else could write until it goes on."""
        self.send(signal.SIGSTOP)
        while not await self._stands_still() or not await _can_be_written(self.database):
            os.kill(self.process.pid, signal.SIGCONT)
            await asyncio.sleep(0.01)
            os.kill(self.process.pid, signal.SIGSTOP)

    @property
    def database(self) -> Database:
        return self.installation.database

    async def _stands_still(self) -> bool:
        """Whether all its threads have stopped: one that is in the kernel goes on until it returns,
        with a lock perhaps. One that waits for the disk may do so for long."""
        for _ in range(100):
            tasks = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
            if all(_state(each) == "T" for each in tasks):
                return True
            await asyncio.sleep(0.01)
        return False

    async def died(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            while self.is_alive:  # noqa: ASYNC110  (another process)
                await asyncio.sleep(0.02)


FAKETIME = next(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"), None)
"""The library that shows a process another time; None where it is not installed."""


def faked(clock: str) -> Mapping[str, str]:
    """The environment of a process whose wall clock is off ("+2h", or "@/path" for a file that
    says how); its steady clock is left alone, as no wall clock's jump moves one."""
    moved = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    if clock.startswith("@"):
        return {**moved, "FAKETIME_TIMESTAMP_FILE": clock[1:], "FAKETIME_NO_CACHE": "1"}
    return {**moved, "FAKETIME": clock}


def _state(stat: Path) -> str:
    """The letter of a thread's state; "T" too of one that has just ended."""
    try:
        return stat.read_text().rpartition(") ")[2][0]
    except OSError:
        return "T"


async def _can_be_written(database: Database) -> bool:
    """Whether nobody who stands still is writing; those that live do so for milliseconds."""
    if database.is_sqlite:
        return await asyncio.to_thread(_is_free, database.url.removeprefix("sqlite:///"))
    for _ in range(100):
        rows = await database.fetch(Sql(_WRITING))
        if rows[0][0] == 0:
            return True
        await asyncio.sleep(0.01)
    return False


_WRITING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_xid IS NOT NULL"
)


def _is_free(path: str) -> bool:
    with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as book:
        try:
            book.executescript("BEGIN IMMEDIATE; ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True


async def _is_up(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
    except httpx.HTTPError:
        return False
