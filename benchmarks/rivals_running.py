"""Another product under test: where it lives, how it is started, and what its processes cost."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.ingress import order
from tests.running import free_port

STARTING_SECONDS = 180.0
LOG = "benchmark.log"


@dataclass(frozen=True)
class Place:
    """Where a rival is: its npm packages, its data, its port, and the port of the provider that its
    flow calls."""

    packages: Path
    data: Path
    port: int
    provider: int

    def command(self, program: str, *arguments: str) -> list[str]:
        """A program of the packages, run by the Node that is installed beside it, if one is."""
        own = self.packages / "node_modules/node/bin/node"
        node = str(own) if own.exists() else "node"
        return [node, str(self.packages / "node_modules/.bin" / program), *arguments]

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Nothing of the caller's but the path; what a program keeps at home is kept in `data`."""
        own = self.packages / "node_modules/node/bin"
        kept = {"PATH": f"{own}:{os.environ['PATH']}", "HOME": str(self.data)}
        return {**kept, "NODE_ENV": "production", **settings}

    def arrivals(self) -> dict[str, float]:
        """When each order reached the provider (monotonic); forgotten there once told."""
        told: dict[str, float] = httpx.get(f"http://127.0.0.1:{self.provider}/").json()
        return told

    def stored_bytes(self) -> int:
        """All that lies in the data folder, without what the program says on its output."""
        files = (each for each in self.data.rglob("*") if each.is_file() and each.name != LOG)
        return sum(each.stat().st_size for each in files)


@dataclass(frozen=True)
class Rival:
    """One product: its npm package and the program in it, where it takes orders, and how it is
    made ready. `finished` tells how many runs it has stored as done; None where it stores none, and
    a run counts as done when the provider has its call."""

    package: str
    command: Sequence[str]
    hook: str
    settings: Callable[[Place], Mapping[str, str]]
    prepare: Callable[[Place, Mapping[str, str]], None]
    finished: Callable[[Place], int] | None
    orders: int
    rate: float


@dataclass(frozen=True)
class Started:
    """A rival that runs, and has taken one order all the way."""

    rival: Rival
    place: Place
    process: psutil.Popen

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Spent so far by all its processes, those that have ended included."""
        spent = 0.0
        for each in self.family():
            with suppress(psutil.NoSuchProcess):  # it ended meanwhile: its parent has its times
                spent += sum(each.cpu_times()[:4])
        return spent

    def memory_megabytes(self) -> tuple[float, float]:
        """What its processes hold that nobody else does (USS), and with what is shared (RSS)."""
        held = [each.memory_full_info() for each in self.family()]
        return sum(each.uss for each in held) / 2**20, sum(each.rss for each in held) / 2**20

    def finished(self) -> int | None:
        return self.rival.finished(self.place) if self.rival.finished else None


@contextmanager
def running(rival: Rival, packages: Path, data: Path, provider: int) -> Iterator[Started]:
    """The rival until the block ends; its output goes to a log in `data`."""
    place = Place(packages, data, free_port(), provider)
    _must_be_installed(rival, place)
    environment = place.environment(rival.settings(place))
    rival.prepare(place, environment)
    with (data / LOG).open("wb") as log:
        process = psutil.Popen(
            place.command(*rival.command), env=environment, cwd=data, stdout=log, stderr=log
        )
        started = Started(rival, place, process)
        try:
            _take_one_order(started)
            yield started
        finally:
            _end(started.family())


def _must_be_installed(rival: Rival, place: Place) -> None:
    if not (place.packages / "node_modules/.bin" / rival.command[0]).exists():
        raise SystemExit(
            f"{rival.command[0]} is not in {place.packages}. Nothing is downloaded here; install it"
            f" with: npm install --prefix {place.packages} node@24 {rival.package}"
        )


def _take_one_order(started: Started) -> None:
    """Send an order until one reaches the provider: a route may open later than its port, and what
    is taken while a rival still starts may be lost."""
    place, until = started.place, time.monotonic() + STARTING_SECONDS
    while not (_taken(place, started.rival.hook) and _arrives(place)):
        _must_go_on(started, until)
        time.sleep(0.2)


def _arrives(place: Place) -> bool:
    for _ in range(100):
        if place.arrivals():
            return True
        time.sleep(0.1)
    return False


def _taken(place: Place, hook: str) -> bool:
    body, kind = order(0), {"Content-Type": "application/json"}
    try:
        answer = httpx.post(f"http://127.0.0.1:{place.port}{hook}", content=body, headers=kind)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def _must_go_on(started: Started, until: float) -> None:
    if started.process.poll() is None and time.monotonic() < until:
        return
    said = (started.place.data / LOG).read_text(errors="replace")[-4000:]
    raise SystemExit(f"{started.rival.package} did not bring one order through. It said:\n{said}")


def _end(family: list[psutil.Process]) -> None:
    """Ask those that are there to end, and end those that have not after ten seconds."""
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(family, timeout=10)
    for process in left:
        process.kill()
