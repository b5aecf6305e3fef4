"""What a webhook costs: signed Shopify orders of 12 kB, through the whole application, to disk.

    uv run python benchmarks/ingress.py [deliveries] [at once]

The network is left out (the application is called directly); signatures, normalising, the commit
and every middleware are in. CPU is that of the whole process, SQLite's thread included, less what
making the deliveries costs (signed before the clock starts). Results stand in `ingress.md`.
"""

import asyncio
import base64
import hashlib
import hmac
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from cartwheel import schema
from cartwheel.accounts.first_start import ensure_owner
from cartwheel.app import create_app
from cartwheel.connections.schemas import NewConnection
from cartwheel.database import Database
from cartwheel.paths import DataFolder
from cartwheel.settings import Settings

SHOP, SECRET = "bench.myshopify.com", "shpss_0123456789abcdef"
BODY_BYTES = 12 * 1024


def order(number: int) -> bytes:
    """An order with three lines, as long as Shopify's own example."""
    line = {"id": 1, "title": "Aviator sunglasses", "quantity": 1, "price": "89.99", "sku": "S-1"}
    told: dict[str, Any] = {
        "id": 820982911946154508 + number, "name": f"#{number}", "order_number": number,
        "created_at": "2026-11-20T18:42:07+01:00", "updated_at": "2026-11-20T18:42:07+01:00",
        "currency": "EUR", "total_price": "359.97", "email": "jon@example.com", "tags": "a, b",
        "line_items": [{**line, "id": place} for place in range(3)],
        "customer": {"id": 1, "first_name": "John", "last_name": "Smith"},
    }  # fmt: skip
    rest = BODY_BYTES - len(orjson.dumps(told)) - 80
    money = {"amount": "0.00", "currency_code": "USD"}
    both = {"shop_money": money, "presentment_money": money}
    padding = {f"total_{place}_set": both for place in range(rest // 125)}
    return orjson.dumps({**told, **padding})


def deliveries(path: str, count: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Requests as a server hands them to the application."""
    for number in range(count):
        body = order(number)
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
        headers = {
            "host": "localhost", "content-type": "application/json",
            "content-length": str(len(body)), "x-shopify-topic": "orders/create",
            "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
            "x-shopify-shop-domain": SHOP, "x-shopify-webhook-id": f"delivery-{number}",
            "x-shopify-api-version": "2026-04", "user-agent": "Shopify-Captain-Hook",
        }  # fmt: skip
        scope = {
            "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
            "query_string": b"", "scheme": "https", "http_version": "1.1",
            "client": ("203.0.113.7", 1), "server": ("localhost", 443),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        yield scope, body


async def deliver(app: Any, scope: dict[str, Any], body: bytes) -> float:
    """Milliseconds until the answer, which must be a 200."""
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    started = time.perf_counter()
    await app(scope, receive, send)
    assert answers[0]["status"] == 200, answers
    return (time.perf_counter() - started) * 1000


async def main(count: int, at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = DataFolder(Path(folder))
        url = f"sqlite:///{data.database}"
        await schema.migrate(url)
        database = await Database.open(url)
        await ensure_owner(database)
        app = create_app(Settings(data=data, database_url=url), database)
        made = await app.state.connections.create(
            1,
            NewConnection(
                app="shopify", name="Bench", settings={"shop": SHOP},
                secrets={"signing_secret": SECRET},
            ),
        )  # fmt: skip
        path = f"/hooks/shopify/{made.connection.hook_key}"
        waiting = list(deliveries(path, count))
        await deliver(app, *waiting.pop())
        times: list[float] = []

        async def worker() -> None:
            while waiting:
                times.append(await deliver(app, *waiting.pop()))

        cpu, own, wall = time.process_time(), time.thread_time(), time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(at_once)))
        cpu, own = time.process_time() - cpu, time.thread_time() - own
        wall = time.perf_counter() - wall
        done = len(times)
        centiles = statistics.quantiles(times, n=100)
        print(f"{done} webhooks of {BODY_BYTES // 1024} kB, {at_once} at once")
        print(f"  {cpu / done * 1e6:.0f} µs of CPU each ({own / done * 1e6:.0f} before the commit)")
        print(f"  {done / wall:.0f} a second")
        print(f"  answered after {centiles[49]:.1f} ms (p50), {centiles[98]:.1f} ms (p99)")
        await app.state.ingress.close()
        await app.state.tokens.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*[int(text) for text in [*sys.argv[1:], "5000", "64"][:2]]))
