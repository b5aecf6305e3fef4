"""How many orders a second, and what one costs: signed Shopify webhooks of 12 kB through the real
API, Redis and worker into trigger, condition, text and an HTTP call to a local stub.

    uv run python -m benchmarks.throughput [--orders 5000] [--seconds 20] [--rate 100]
                                           [--database postgresql://…]

First everything at once (accepted and completed a second, CPU a run), then a fixed rate, timed from
the moment an order was due to be sent. Everything is stored, the intent before each call. CPU is
that of API and worker alone; sender, stub, Redis and PostgreSQL are not counted, but share the
machine. Results stand in `throughput.md`.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx
import orjson
import psutil
import uvloop

from benchmarks.ingress import SECRET, SHOP, order
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.statements import Sql
from cartwheel.supervision.redis_server import find_own_redis
from tests.running import free_port

CONNECTIONS = 64
RULES = {
    "combinator": "and",
    "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
}
GREETING = "Hi {{ customer.first_name }}, thanks for {{ order.name }}"


# --- the stub that steps call ---


class StubProvider(asyncio.Protocol):
    """Answers every POST at once and notes when it came. A GET answers with all the notes."""

    arrivals: ClassVar[dict[str, float]] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport, self.rest = transport, b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            head = self.rest[:end].lower()
            length = int((head.partition(b"content-length:")[2].split(b"\r\n") or [b""])[0] or 0)
            if len(self.rest) < end + 4 + length:
                return
            body, self.rest = self.rest[end + 4 : end + 4 + length], self.rest[end + 4 + length :]
            self.transport.write(self.answer(head, body))

    def answer(self, head: bytes, body: bytes) -> bytes:
        told = b"{}"
        if head.startswith(b"get"):
            told = orjson.dumps(self.arrivals)
        else:
            self.arrivals.setdefault(orjson.loads(body)["order"], time.monotonic())
        kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        return kind + b"Content-Length: %d\r\n\r\n" % len(told) + told


def serve_stub(port: int) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(StubProvider, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(serve())


# --- the installation ---


@dataclass
class Bench:
    """An installation under test."""

    url: str
    port: int
    stub: int
    api: psutil.Process
    worker: psutil.Process
    hook: str = ""

    def cpu_seconds(self) -> tuple[float, float]:
        """Spent by the API and by the worker so far."""
        api, worker = (process.cpu_times() for process in (self.api, self.worker))
        return api.user + api.system, worker.user + worker.system

    def memory_megabytes(self) -> float:
        return sum(p.memory_full_info().uss for p in (self.api, self.worker)) / 2**20


@contextmanager
def running(folder: Path, url: str | None) -> Iterator[Bench]:
    """Redis, API, worker and stub, until the block ends."""
    data = DataFolder(folder)
    redis = find_own_redis(data)
    database = url or f"sqlite:///{data.database}"
    port, stub = free_port(), free_port()
    environment = {
        **os.environ, "CARTWHEEL_DATA_DIR": str(folder), "CARTWHEEL_DATABASE_URL": database,
        "CARTWHEEL_REDIS_URL": redis.url, "CARTWHEEL_ALLOW_PRIVATE": f"127.0.0.1:{stub}",
    }  # fmt: skip
    cartwheel = (sys.executable, "-P", "-m", "cartwheel")
    subprocess.run([*cartwheel, "migrate", "--quiet"], env=environment, check=True)
    with ExitStack() as stack:
        provider = multiprocessing.Process(target=serve_stub, args=(stub,), daemon=True)
        provider.start()
        stack.callback(provider.kill)
        commands: Sequence[Sequence[str]] = (
            redis.command, (*cartwheel, "serve", "--port", str(port)), (*cartwheel, "worker"),
        )  # fmt: skip
        started = [subprocess.Popen(command, env=environment) for command in commands]
        for process in started:
            stack.callback(process.wait)
            stack.callback(process.terminate)
        _, api, worker = (psutil.Process(process.pid) for process in started)
        token = subprocess.run(
            [*cartwheel, "token", "create", "--name", "bench"],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        bench = Bench(database, port, stub, api, worker)
        prepare(bench, token)
        yield bench


def prepare(bench: Bench, token: str) -> None:
    """Connect the shop and switch the workflow on, through the API."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{bench.port}", headers=headers) as client:
        for _ in range(600):
            try:
                client.get("/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        shop = {"app": "shopify", "name": "Bench", "settings": {"shop": SHOP}}
        made = client.post("/api/connections", json={**shop, "secrets": {"signing_secret": SECRET}})
        bench.hook = httpx.URL(made.raise_for_status().json()["hook_url"]).path
        flow = client.post("/api/workflows", json={"name": "Bench", "graph": graph(bench.stub)})
        flow_id = flow.raise_for_status().json()["id"]
        client.post(f"/api/workflows/{flow_id}/activate").raise_for_status()


def graph(stub: int) -> dict[str, Any]:
    call = {
        "method": "POST", "url": f"http://127.0.0.1:{stub}/",
        "body": '{"order": "{{ order.name }}", "text": "{{ steps.text.greeting }}"}',
    }  # fmt: skip
    text = {"values": [{"name": "greeting", "type": "text", "value": GREETING}]}
    nodes = [
        ("start", "trigger.order_created@1", {}), ("if", "condition.if@1", {"rules": RULES}),
        ("text", "data.set@1", text), ("call", "action.http_request@1", call),
    ]  # fmt: skip
    edges = [("start", "done", "if"), ("if", "then", "text"), ("text", "done", "call")]
    return {
        "schema": 1, "settings": {},
        "nodes": [
            {"id": name, "type": kind, "config": config, "position": {"x": 0, "y": 0}}
            for name, kind, config in nodes
        ],
        "edges": [
            {"id": a + b, "source": a, "sourceHandle": port, "target": b, "targetHandle": "in"}
            for a, port, b in edges
        ],
    }  # fmt: skip


# --- the sender ---


def signed(bench: Bench, number: int) -> bytes:
    """One delivery as its bytes on the wire."""
    body = order(number)
    digest = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    head = (
        f"POST {bench.hook} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Shopify-Topic: orders/create\r\n"
        f"X-Shopify-Hmac-Sha256: {digest}\r\nX-Shopify-Shop-Domain: {SHOP}\r\n"
        f"X-Shopify-Webhook-Id: delivery-{number}\r\nX-Shopify-API-Version: 2026-04\r\n\r\n"
    )
    return head.encode() + body


class Lane:
    """One connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def deliver(self, delivery: bytes) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(delivery)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))


async def all_at_once(bench: Bench, database: Database, orders: int) -> None:
    deliveries = [signed(bench, number) for number in range(orders)]
    size, cpu, started = stored_bytes(bench), bench.cpu_seconds(), time.monotonic()

    async def send(lane: Lane) -> None:
        while deliveries:
            await lane.deliver(deliveries.pop())

    await asyncio.gather(*(send(Lane(bench.port)) for _ in range(CONNECTIONS)))
    accepted = time.monotonic() - started
    await completed(database, orders)
    took = time.monotonic() - started
    spent = zip(bench.cpu_seconds(), cpu, strict=True)
    api, worker = ((after - before) / orders * 1000 for after, before in spent)
    print(f"all at once: {orders / accepted:.0f} accepted/s, {orders / took:.0f} completed/s")
    print(f"  {api + worker:.2f} ms of CPU a run: API {api:.2f}, worker {worker:.2f}")
    print(f"  {(stored_bytes(bench) - size) / orders / 1024:.1f} kB on disk a run")
    print(f"  {bench.memory_megabytes():.0f} MB in API and worker")


async def at_a_rate(bench: Bench, database: Database, first: int, rate: int, seconds: int) -> None:
    orders = range(first, first + rate * seconds)
    deliveries = {number: signed(bench, number) for number in orders}
    lanes: asyncio.Queue[Lane] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        lanes.put_nowait(Lane(bench.port))
    start, accepts, due = time.monotonic() + 0.5, [], {}

    async def send(number: int) -> None:
        due[f"#{number}"] = at = start + (number - first) / rate
        await asyncio.sleep(at - time.monotonic())
        lane = await lanes.get()
        await lane.deliver(deliveries[number])
        accepts.append(time.monotonic() - at)
        lanes.put_nowait(lane)

    await asyncio.gather(*(send(number) for number in orders))
    await completed(database, first + len(orders))
    async with httpx.AsyncClient() as client:
        arrivals = (await client.get(f"http://127.0.0.1:{bench.stub}/")).json()
    acts = [arrivals[name] - at for name, at in due.items()]
    print(f"{rate} a second: accepted after {centiles(accepts)}; acted after {centiles(acts)}")


def centiles(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return "/".join(f"{cuts[place] * 1000:.0f}" for place in (49, 94, 98)) + " ms (p50/p95/p99)"


async def completed(database: Database, runs: int) -> None:
    async with asyncio.timeout(600):
        while True:
            rows = await database.fetch(Sql("SELECT count(*) FROM run WHERE status = 'succeeded'"))
            if rows[0][0] >= runs:
                return
            await asyncio.sleep(0.1)


def stored_bytes(bench: Bench) -> int:
    if not bench.url.startswith("sqlite"):
        return 0
    path = Path(bench.url.removeprefix("sqlite:///"))
    return sum(part.stat().st_size for part in path.parent.glob(path.name + "*"))


async def measure(bench: Bench, orders: int, rate: int, seconds: int) -> None:
    database = await Database.open(bench.url)
    print(f"{bench.url.partition(':')[0]}: {bench.memory_megabytes():.0f} MB idle")
    await all_at_once(bench, database, orders)
    await at_a_rate(bench, database, orders, rate, seconds)
    await database.close()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--orders", type=int, default=5_000)
    arguments.add_argument("--rate", type=int, default=100)
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--database", help="a PostgreSQL database without tables")
    given = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="cw") as made,
        running(Path(made), given.database) as installed,
    ):
        uvloop.run(measure(installed, given.orders, given.rate, given.seconds))
