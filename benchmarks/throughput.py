"""How many orders a second, and what one costs: signed Shopify webhooks of 12 kB through the real
API, Redis and worker into trigger, condition, text and an HTTP call to a local provider.

    uv run python -m benchmarks.throughput [--database sqlite|postgresql] [--orders 10000]
                                           [--rate 100] [--seconds 20] [--workers 1]

First everything at once, then a fixed rate, timed from the moment each order was due. Everything is
stored, the intent before each call, SQLite with `synchronous=FULL`. Sender and provider are
processes of their own on the same machine; their CPU is told, but not counted as ours. Prints a
JSON line and a row for `throughput.md`.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psutil

from benchmarks.installation import Installation, connect_shop, database_of, machine, running
from benchmarks.sender import Orders, Sent, send
from cartwheel.database import Database
from cartwheel.statements import Sql

WARMING_UP = 500
Figures = dict[str, object]


def measure(made: Installation, orders: int, rate: float, seconds: int) -> Figures:
    """Both measurements on an installation that just started."""
    connect_shop(made)
    idle = made.memory_megabytes()
    through(made, Orders(made.port, made.hook, range(WARMING_UP)), 0)
    at_once = all_at_once(made, range(WARMING_UP, WARMING_UP + orders))
    first = WARMING_UP + orders
    steady = at_a_rate(made, range(first, first + int(rate * seconds)), rate)
    return {
        "idle_mb": round(idle), "loaded_mb": round(made.memory_megabytes()), **at_once, **steady,
    }  # fmt: skip


def all_at_once(made: Installation, numbers: range) -> Figures:
    """What `numbers` orders cost when they come as fast as they are taken."""
    size, cpu = stored_bytes(made), made.cpu_seconds()
    commits, jobs = made.commits(), made.jobs()
    sent, took = through(made, Orders(made.port, made.hook, numbers), numbers.start)
    runs = len(numbers)
    spent = {name: (after - cpu[name]) / runs for name, after in made.cpu_seconds().items()}
    written = {what: now - commits.get(what, 0) for what, now in made.commits().items()}
    acts = made.arrivals()
    return {
        "accepted_per_second": round(runs / sent.seconds),
        "completed_per_second": round(runs / took),
        "cpu_ms_per_run": {name: round(each * 1000, 3) for name, each in spent.items()}
        | {"sender": round(sent.cpu / runs * 1000, 3)},
        "ours_cpu_ms_per_run": round(sum(spent[name] for name in made.ours()) * 1000, 3),
        "commits_per_1000_runs": {k: round(n / runs * 1000) for k, n in written.items() if n},
        "jobs_per_1000_runs": round((made.jobs() - jobs) / runs * 1000),
        "bytes_per_run": round((stored_bytes(made) - size) / runs),
        "saturated_accept_ms": centiles(sent.accepts),
        "saturated_action_ms": centiles([acts[name] - at for name, at in sent.due.items()]),
    }


def at_a_rate(made: Installation, numbers: range, rate: float) -> Figures:
    """How long orders take that come at a fixed rate."""
    made.arrivals()
    sent, _ = through(made, Orders(made.port, made.hook, numbers, rate), numbers.start)
    acts = made.arrivals()
    return {
        "rate": rate,
        "accept_ms": centiles(sent.accepts),
        "action_ms": centiles([acts[name] - at for name, at in sent.due.items()]),
    }


def through(made: Installation, orders: Orders, before: int) -> tuple[Sent, float]:
    """Send and wait until all have run; seconds from the first order to the last run's end."""
    sent = send(orders)
    start = min(sent.due.values())
    asyncio.run(completed(made, before + len(orders.numbers)))
    return sent, time.monotonic() - start


async def completed(made: Installation, runs: int) -> None:
    """Wait until so many runs have succeeded."""
    database = await Database.open(made.database)
    try:
        async with asyncio.timeout(900):
            while await _succeeded(database) < runs:  # noqa: ASYNC110  (another process works)
                await asyncio.sleep(0.05)
    finally:
        await database.close()


async def _succeeded(database: Database) -> int:
    rows = await database.fetch(Sql("SELECT count(*) FROM run WHERE status = 'succeeded'"))
    return int(rows[0][0])


def stored_bytes(made: Installation) -> int:
    """The book's size, its log included."""
    if made.database.startswith("sqlite"):
        path = Path(made.database.removeprefix("sqlite:///"))
        return sum(part.stat().st_size for part in path.parent.glob(path.name + "*"))

    async def ask() -> int:
        database = await Database.open(made.database)
        rows = await database.fetch(Sql("SELECT pg_database_size(current_database())"))
        await database.close()
        return int(rows[0][0])

    return asyncio.run(ask())


def centiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {f"p{place}": round(cuts[place - 1] * 1000, 1) for place in (50, 95, 99)}


def row(kind: str, figures: Mapping[str, object]) -> str:
    """The figures as a row of `throughput.md`."""
    cpu, commits = figures["cpu_ms_per_run"], figures["commits_per_1000_runs"]
    assert isinstance(cpu, dict)
    assert isinstance(commits, dict)
    ours = [name for name in cpu if name.startswith(("api", "worker"))]
    others = ", ".join(f"{name} {cpu[name]}" for name in cpu if name not in ours)
    places = ("accept_ms", "action_ms", "saturated_action_ms")
    times = [" / ".join(str(each) for each in figures[name].values()) for name in places]  # type: ignore[attr-defined]
    cells = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M}", machine(), kind,
        figures["accepted_per_second"], figures["completed_per_second"],
        f"{figures['ours_cpu_ms_per_run']} ({' + '.join(str(cpu[name]) for name in ours)})", others,
        sum(commits.values()), figures["jobs_per_1000_runs"], figures["bytes_per_run"],
        *times, f"{figures['idle_mb']} / {figures['loaded_mb']}",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments.add_argument("--orders", type=int, default=10_000)
    arguments.add_argument("--rate", type=float, default=100)
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--workers", type=int, default=1)
    given = arguments.parse_args()
    with (
        database_of(given.database) as (url, server),
        tempfile.TemporaryDirectory(prefix="cw") as folder,
        running(Path(folder), url, given.workers) as made,
    ):
        if server is not None:
            made.processes["postgresql"] = psutil.Process(server)
        figures = measure(made, given.orders, given.rate, given.seconds)
    print(orjson.dumps({"database": given.database, "machine": machine(), **figures}).decode())
    print(row(given.database, figures))


if __name__ == "__main__":
    main()
