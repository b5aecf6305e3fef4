"""A process's numbers: gathered here, shown to the others through Redis every few seconds.

So one scrape of any API shows every process, also workers on other machines, which then need no
port of their own. The numbers need not survive: when Redis is away, an API shows only its own.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from cartwheel import tally
from cartwheel.jobs import read_numbers, write_numbers

BEAT_SECONDS = 5.0
FORGOTTEN_AFTER_SECONDS = 20.0
_LAG_SECONDS = 0.5
_STARTED_AT = time.time()
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one process has done since it started. `counts` are (name, label, number); `durations`
    map a name to how many lay below each bound of `tally` and their sum in milliseconds."""

    process: str
    role: str
    counts: tuple[tuple[str, str, int], ...]
    durations: Mapping[str, tuple[list[int], int]]
    gauges: Mapping[str, float]
    at: float = field(default_factory=time.time)


class Pulse:
    """Watches this process, and shares its numbers until it is closed."""

    def __init__(
        self,
        role: str,
        redis_url: str | None,
        gauges: Callable[[], Mapping[str, float]] = dict,
    ) -> None:
        self.process = f"{role}-{os.uname().nodename[:40]}-{os.getpid()}"
        self.role, self._redis_url = role, redis_url
        self._gauges = gauges
        self.redis_answers: bool | None = None if redis_url is None else True
        self._lag_seconds = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to watch and to share."""
        self._tasks = [asyncio.create_task(self._watch_lag(), name="lag")]
        if self._redis_url is not None:
            self._tasks.append(asyncio.create_task(self._beat(), name="pulse"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def own(self) -> Numbers:
        """This process's numbers as of now."""
        used = getrusage(RUSAGE_SELF)
        return Numbers(
            self.process,
            self.role,
            tuple((name, label, number) for (name, label), number in tally.counts.items()),
            {name: (list(below), tally.sums[name]) for name, below in tally.seen.items()},
            {
                **self._gauges(),
                "process_cpu_seconds_total": used.ru_utime + used.ru_stime,
                "process_resident_memory_bytes": _resident_bytes(used.ru_maxrss),
                "process_start_time_seconds": round(_STARTED_AT),
                "cartwheel_loop_lag_seconds": self._lag_seconds,
            },
        )

    async def everybody(self) -> list[Numbers]:
        """Ours, and those of every other process that was heard of lately."""
        shown: list[dict[str, Any]] = []
        if self._redis_url is not None:
            with suppress(TimeoutError):
                shown = await read_numbers(self._redis_url)
        others = [each for each in map(_understood, shown) if each is not None]
        fresh = [
            each
            for each in others
            if each.process != self.process and time.time() - each.at < FORGOTTEN_AFTER_SECONDS
        ]
        return [self.own(), *sorted(fresh, key=lambda each: each.process)]

    async def _beat(self) -> None:
        while True:
            own = self.own()
            written = {name: getattr(own, name) for name in Numbers.__slots__}
            self.redis_answers = await write_numbers(self._redis_url or "", self.process, written)
            await asyncio.sleep(BEAT_SECONDS)

    async def _watch_lag(self) -> None:
        """How late the loop wakes up; the longest of late, so that a scrape does not miss it."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LAG_SECONDS
            await asyncio.sleep(_LAG_SECONDS)
            self._lag_seconds = max(loop.time() - due, self._lag_seconds * 0.98)


def _understood(shown: Mapping[str, Any]) -> Numbers | None:
    """None where it was written by a Cartwheel whose numbers look different."""
    try:
        return Numbers(**shown)
    except TypeError:
        return None


def _resident_bytes(peak: int) -> int:
    """What is in memory now; where the system does not tell, the most that ever was."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES
    return peak if sys.platform == "darwin" else peak * 1024
