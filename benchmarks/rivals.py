"""n8n and Node-RED on this machine, as a ruler for `throughput.py`: the same orders from the same
sender, the same four steps, the same provider.

    npm install --prefix FOLDER node@24 n8n@2.41.1 node-red@5.0.7
    uv run python -m benchmarks.rivals FOLDER n8n|node-red [--orders 1500] [--rate 20]
                                       [--seconds 20] [--set NAME=VALUE]

Nothing is downloaded here: FOLDER is where npm put them. n8n wants Node 24 and stores every run in
SQLite; Node-RED stores nothing. Neither is asked to check the shop's signature, which ours does.
`--set` changes one of the rival's own settings, to see what a default of its costs.

First everything at once, then a fixed rate (above 13 a second: connections that rest for five
seconds are closed by Node), timed from the moment each order was due. Prints a JSON line and a row
for `throughput.md`.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from benchmarks import provider
from benchmarks.installation import machine
from benchmarks.rivals_n8n import N8N
from benchmarks.rivals_node_red import NODE_RED
from benchmarks.rivals_running import Rival, Started, running
from benchmarks.sender import Orders, Sent, send
from benchmarks.throughput import centiles
from tests.running import free_port

RIVALS = {"n8n": N8N, "node-red": NODE_RED}
WARMING_UP = 500
LONGEST_SECONDS = 900.0
Figures = dict[str, object]


@dataclass(frozen=True)
class Passage:
    """Orders that were sent and have all run: what the sender saw, when each reached the provider,
    and seconds from the first order to the end of the last run."""

    sent: Sent
    arrivals: Mapping[str, float]
    seconds: float

    def action_ms(self) -> dict[str, float]:
        """From when an order was due until the provider had the call."""
        return centiles([self.arrivals[name] - at for name, at in self.sent.due.items()])


def measure(started: Started, orders: int, rate: float, seconds: int) -> Figures:
    """Both measurements on a rival that just started."""
    idle = started.memory_megabytes()
    through(started, range(1, WARMING_UP))
    at_once = all_at_once(started, range(WARMING_UP, WARMING_UP + orders))
    loaded, first = started.memory_megabytes(), WARMING_UP + orders
    steady = through(started, range(first, first + int(rate * seconds)), rate)
    return {
        "idle_mb": [round(each) for each in idle], "loaded_mb": [round(each) for each in loaded],
        **at_once, "rate": rate, "accept_ms": centiles(steady.sent.accepts),
        "action_ms": steady.action_ms(),
    }  # fmt: skip


def all_at_once(started: Started, numbers: range) -> Figures:
    """What these orders cost when they come as fast as they are taken."""
    size, cpu = started.place.stored_bytes(), started.cpu_seconds()
    passage, runs = through(started, numbers), len(numbers)
    spent = started.cpu_seconds() - cpu
    return {
        "orders": runs,
        "accepted_per_second": round(runs / passage.sent.seconds, 1),
        "completed_per_second": round(runs / passage.seconds, 1),
        "cpu_ms_per_run": round(spent / runs * 1000, 2),
        "sender_cpu_ms_per_run": round(passage.sent.cpu / runs * 1000, 3),
        "bytes_per_run": round((started.place.stored_bytes() - size) / runs),
        "saturated_accept_ms": centiles(passage.sent.accepts),
        "saturated_action_ms": passage.action_ms(),
    }


def through(started: Started, numbers: range, rate: float | None = None) -> Passage:
    """Send and wait until all have run, and are stored as such where runs are stored."""
    before = started.finished()
    sent = send(Orders(started.place.port, started.rival.hook, numbers, rate))
    start, until = min(sent.due.values()), time.monotonic() + LONGEST_SECONDS
    arrivals = _all_arrived(started, set(sent.due), until)
    if before is None:
        return Passage(sent, arrivals, max(arrivals.values()) - start)
    while (done := (started.finished() or 0) - before) < len(numbers):
        _give_up_after(until, f"{done} of {len(numbers)} runs are stored as done")
        time.sleep(0.05)
    return Passage(sent, arrivals, time.monotonic() - start)


def _all_arrived(started: Started, names: set[str], until: float) -> dict[str, float]:
    arrivals: dict[str, float] = {}
    while names - arrivals.keys():
        _give_up_after(until, f"{len(arrivals)} of {len(names)} orders reached the provider")
        time.sleep(0.05)
        arrivals = started.place.arrivals() | arrivals
    return arrivals


def _give_up_after(until: float, what: str) -> None:
    if time.monotonic() > until:
        raise SystemExit(f"After {LONGEST_SECONDS:.0f} seconds only {what}.")


@contextmanager
def provider_process() -> Iterator[tuple[int, psutil.Process]]:
    """The provider's port and process."""
    port = free_port()
    stub = multiprocessing.Process(target=provider.serve, args=(port,), daemon=True)
    stub.start()
    try:
        yield port, psutil.Process(stub.pid)
    finally:
        stub.kill()


def with_settings(rival: Rival, given: Sequence[str]) -> Rival:
    """The rival with settings of its own (`NAME=VALUE`) that differ from how it comes."""
    extra = dict(each.split("=", 1) for each in given)
    package = " ".join((rival.package, *given))
    return replace(
        rival, package=package, settings=lambda place: {**rival.settings(place), **extra}
    )


def row(rival: Rival, figures: Mapping[str, object]) -> str:
    """The figures as a row of `throughput.md`."""
    places = ("accept_ms", "action_ms", "saturated_action_ms")
    times = [" / ".join(str(each) for each in figures[name].values()) for name in places]  # type: ignore[attr-defined]
    memory = [" / ".join(str(each) for each in figures[name]) for name in ("idle_mb", "loaded_mb")]  # type: ignore[attr-defined]
    cells = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M}", machine(), rival.package, figures["orders"],
        figures["accepted_per_second"], figures["completed_per_second"], figures["cpu_ms_per_run"],
        figures["bytes_per_run"], f"{figures['rate']:g}/s", *times, *memory,
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path, help="where npm installed them")
    arguments.add_argument("rival", choices=RIVALS)
    arguments.add_argument("--orders", type=int, help="1,500 for n8n, 10,000 for Node-RED")
    arguments.add_argument("--rate", type=float, help="20 a second for n8n, 100 for Node-RED")
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    given = arguments.parse_args()
    rival = with_settings(RIVALS[given.rival], given.set)
    with (
        provider_process() as (port, _),
        tempfile.TemporaryDirectory(prefix="rival", ignore_cleanup_errors=True) as data,
        running(rival, given.folder.resolve(), Path(data), port) as started,
    ):
        orders, rate = given.orders or rival.orders, given.rate or rival.rate
        figures = measure(started, orders, rate, given.seconds)
    print(orjson.dumps({"rival": rival.package, "machine": machine(), **figures}).decode())
    print(row(rival, figures))


if __name__ == "__main__":
    main()
