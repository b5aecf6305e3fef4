"""A chain of 500 steps: does a step cost at the end what it costs at the start?

    uv run python -m benchmarks.long_graph [--database sqlite|postgresql] [--nodes 500] [--runs 20]

Events go one after the other through a trigger and a chain of small steps, as the worker really
moves them. Compared are the times of the first and the last two hundred steps of all runs together.
Prints a JSON line for `long_graph.md`.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

import orjson

from benchmarks.installation import Installation, chain, database_of, machine, running, switch_on
from benchmarks.throughput import completed
from cartwheel.database import Database
from cartwheel.runs.journey import MOST_UNWRITTEN_STEPS
from cartwheel.statements import Sql

KIND = "bench.long"
ENDS = MOST_UNWRITTEN_STEPS
"""Steps are written down so many at a time: each end holds one commit, as the other does."""


def measure(made: Installation, nodes: int, runs: int) -> dict[str, object]:
    value = {"values": [{"name": "x", "type": "text", "value": "{{ order.id }} once more"}]}
    steps = [(f"step{place}", "data.set@1", value) for place in range(1, nodes)]
    with made.client() as client:
        switch_on(client, chain([("start", "trigger.event@1", {"event_type": KIND}), *steps]))
        cpu = made.cpu_seconds()["worker"]
        for number in range(runs):
            order = {"order": {"id": str(number)}}
            client.post("/api/events", json={"type": KIND, "data": order}).raise_for_status()
            asyncio.run(completed(made, number + 1))
    spent = made.cpu_seconds()["worker"] - cpu
    first, last = asyncio.run(ends(made, nodes))
    return {
        "nodes": nodes, "runs": runs,
        "us_a_step": {"first": round(first / runs * 1000), "last": round(last / runs * 1000)},
        "worker_cpu_ms_a_run": round(spent / runs * 1000, 1),
        "worker_rss_mb": round(made.processes["worker"].memory_info().rss / 2**20),
    }  # fmt: skip


async def ends(made: Installation, nodes: int) -> tuple[float, float]:
    """Milliseconds a step within the first and the last steps, summed over all runs."""
    database = await Database.open(made.database)
    found = [
        await database.fetch(
            Sql(
                "SELECT max(started_at) - min(started_at) FROM step "
                "WHERE sequence BETWEEN $1 AND $2 GROUP BY run_id",
                (low, low + ENDS),
            )
        )
        for low in (1, nodes - ENDS)
    ]
    await database.close()
    first, last = (sum(row[0] for row in rows) / ENDS for rows in found)
    return first, last


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments.add_argument("--nodes", type=int, default=500)
    arguments.add_argument("--runs", type=int, default=20)
    given = arguments.parse_args()
    with (
        database_of(given.database) as (url, _),
        tempfile.TemporaryDirectory(prefix="cw") as folder,
        running(Path(folder), url) as made,
    ):
        figures = measure(made, given.nodes, given.runs)
    print(orjson.dumps({"database": given.database, "machine": machine(), **figures}).decode())


if __name__ == "__main__":
    main()
