"""Crowds of waits: many that end at the same moment, and many more that sleep.

    uv run python -m benchmarks.waits [--database sqlite|postgresql] [--due 100000]
    uv run python -m benchmarks.waits --database postgresql --due 0 --asleep 1000000

One real run is brought to a delay through the API and copied in the book. With `--due` all copies
wake at one moment, while a fresh event arrives every second: how long until all are through, and
how long fresh ones wait for a worker. With `--asleep` the copies wake next year: what that does to
the worker's memory and to a claim. Prints a JSON line for `waits.md`.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from benchmarks.installation import Installation, chain, database_of, machine, running, switch_on
from benchmarks.throughput import centiles
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.events.models import Event
from cartwheel.runs.claims import claim_due
from cartwheel.runs.models import Run, Step, Token
from cartwheel.statements import Sql, Transaction

BATCH = 20_000
CLAIMS = 60
CLAIM_SIZE = 256
WORKSPACE = 1
YEAR_MS = 365 * 86_400_000
KIND = "bench.waits"
Figures = dict[str, object]
GRAPH = chain([
    ("start", "trigger.event@1", {"event_type": KIND}),
    ("wait", "flow.delay@1", {"amount": 300, "unit": "days"}),
    ("text", "data.set@1", {"values": [{"name": "x", "type": "text", "value": "{{ order.id }}"}]}),
])  # fmt: skip
FRESH = chain([
    ("start", "trigger.event@1", {"event_type": "bench.fresh"}),
    ("text", "data.set@1", {"values": [{"name": "x", "type": "text", "value": "now"}]}),
])  # fmt: skip


async def measure(made: Installation, due: int, asleep: int) -> Figures:
    database = await Database.open(made.database)
    with made.client() as client:
        switch_on(client, GRAPH)
        switch_on(client, FRESH)
        sample = await one_waiting(database, client)
        figures: Figures = {}
        if asleep:
            figures |= await sleepers(made, database, sample, asleep)
        if due:
            figures |= await drain(made.processes["worker"], database, client, sample, due)
    await database.close()
    return figures


async def one_waiting(database: Database, client: httpx.Client) -> str:
    """The id of a run that came to its delay by itself."""
    told = {"type": KIND, "data": {"order": {"id": "1"}}}
    await asyncio.to_thread(client.post, "/api/events", json=told)
    async with asyncio.timeout(60):
        while True:
            rows = await database.fetch(Sql("SELECT id FROM run WHERE status = 'waiting'"))
            if rows:
                return str(rows[0][0])
            await asyncio.sleep(0.1)


async def sleepers(made: Installation, database: Database, sample: str, count: int) -> Figures:
    """What runs that sleep cost those that are awake."""
    worker = made.processes["worker"]
    before = worker.memory_full_info().uss / 2**20
    began = time.monotonic()
    await copies(database, sample, count, now_ms() + YEAR_MS, "S")
    copied = time.monotonic() - began
    await asyncio.sleep(15)  # The worker looks once a second.
    after = worker.memory_full_info().uss / 2**20
    rss = worker.memory_info().rss / 2**20
    await copies(database, sample, CLAIMS * CLAIM_SIZE, YEAR_MS * 1000, "C")
    worker.suspend()
    await database.run(_due_now("C"))
    times = [await _claim(database) for _ in range(CLAIMS)]
    worker.resume()
    return {
        "asleep": count, "worker_mb": [round(before), round(after)],
        "worker_rss_mb": round(rss), "copied_seconds": round(copied, 1),
        "claim_ms": centiles(times),
        "claim_plan": await plan(database),
    }  # fmt: skip


async def _claims_beside(worker: psutil.Process, database: Database) -> list[float]:
    """What claims cost while a crowd is due, with the worker at rest; all of it stays due."""
    worker.suspend()
    times = []
    for _ in range(CLAIMS):
        started = time.perf_counter()
        await database.run(claim_due("bench", now_ms(), CLAIM_SIZE))
        times.append(time.perf_counter() - started)
    await database.run(_let_go())
    worker.resume()
    return times


def _let_go() -> Transaction[None]:
    yield Sql("UPDATE run SET lease_by = NULL, lease_until = NULL WHERE lease_by = 'bench'")


async def _claim(database: Database) -> float:
    started = time.perf_counter()
    runs = await database.run(claim_due("bench", now_ms(), CLAIM_SIZE))
    took = time.perf_counter() - started
    assert len(runs) == CLAIM_SIZE, len(runs)
    await database.run(_forget())
    return took


def _due_now(prefix: str) -> Transaction[None]:
    yield Sql("UPDATE run SET wake_at = $1 WHERE id LIKE $2", (now_ms(), f"{prefix}%"))


def _forget() -> Transaction[None]:
    """Let the claimed sleep again, so that the next claim takes others."""
    yield Sql(
        "UPDATE run SET wake_at = $1, lease_by = NULL, lease_until = NULL "
        "WHERE lease_until IS NOT NULL AND lease_by = 'bench'",
        (YEAR_MS * 1000,),
    )


async def plan(database: Database) -> list[str]:
    """How the database finds what is due."""
    words = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    query = (
        f"{words} SELECT workspace_id, id FROM run WHERE wake_at <= {now_ms()} "
        "AND lease_until IS NULL ORDER BY wake_at LIMIT 256"
    )
    return [str(row[-1]) for row in await database.fetch(Sql(query))]


async def drain(
    worker: psutil.Process, database: Database, client: httpx.Client, sample: str, count: int
) -> Figures:
    """How long a crowd that wakes at once takes, and how long fresh events wait meanwhile."""
    await copies(database, sample, count, now_ms() + 3_600_000, "D")
    await database.run(_due_now("D"))
    claims = await _claims_beside(worker, database)
    started = time.monotonic()
    left = count
    async with asyncio.timeout(1_800):
        while left:
            await asyncio.to_thread(
                client.post, "/api/events", json={"type": "bench.fresh", "data": {}}
            )
            await asyncio.sleep(1)
            left = await _number(
                database, "SELECT count(*) FROM run WHERE id LIKE 'D%' AND status <> 'succeeded'"
            )
    took = time.monotonic() - started
    waits = await database.fetch(
        Sql(
            "SELECT run.started_at - event.received_at FROM run JOIN event ON "
            "event.workspace_id = run.workspace_id AND event.id = run.event_id "
            "WHERE event.type = 'bench.fresh'"
        )
    )
    return {
        "due_at_once": count, "claim_when_due_ms": centiles(claims),
        "drained_seconds": round(took, 1),
        "drained_per_second": round(count / took), "fresh_events": len(waits),
        "fresh_start_ms": centiles([row[0] / 1000 for row in waits]),
    }  # fmt: skip


async def _number(database: Database, query: str) -> int:
    return int((await database.fetch(Sql(query)))[0][0])


# --- copying a run ---


async def copies(database: Database, sample: str, count: int, wake_at: int, prefix: str) -> None:
    """`count` runs like the sample, with ids that begin with `prefix`, that wake at one time;
    what each of them waits for has come already."""
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count) - 1
        await database.run(_copied(database.is_sqlite, sample, first, last, wake_at, prefix))


def _copied(
    is_sqlite: bool, sample: str, first: int, last: int, wake_at: int, prefix: str
) -> Transaction[None]:
    fresh = f"'{prefix}' || " + ("printf('%025d', i)" if is_sqlite else "lpad(i::text, 25, '0')")
    run = f"workspace_id = {WORKSPACE} AND id = '{sample}'"
    event = f"workspace_id = {WORKSPACE} AND id = (SELECT event_id FROM run WHERE {run})"
    of_run = f"workspace_id = {WORKSPACE} AND run_id = '{sample}'"
    copied: tuple[tuple[Any, dict[str, str], str], ...] = (
        (Event, {"id": fresh, "external_id": "NULL", "fingerprint": "NULL"}, event),
        (Run, {"id": fresh, "event_id": fresh, "wake_at": str(wake_at)}, run),
        (Step, {"run_id": fresh, "wake_at": str(now_ms())}, of_run),
        (Token, {"run_id": fresh, "wake_at": str(now_ms())}, of_run),
    )
    series = (
        f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    )
    for model, changed, where in copied:
        table = model.__table__
        names = [column.name for column in table.columns]
        values = ", ".join(changed.get(name, f'"{name}"') for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        yield Sql(
            f"{series} INSERT INTO {table.name} ({into}) "
            f"SELECT {values} FROM n, {table.name} WHERE {where}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments.add_argument("--due", type=int, default=100_000)
    arguments.add_argument("--asleep", type=int, default=0)
    given = arguments.parse_args()
    with (
        database_of(given.database) as (url, _),
        tempfile.TemporaryDirectory(prefix="cw") as folder,
        running(Path(folder), url) as made,
    ):
        figures = asyncio.run(measure(made, given.due, given.asleep))
    print(orjson.dumps({"database": given.database, "machine": machine(), **figures}).decode())


if __name__ == "__main__":
    main()
