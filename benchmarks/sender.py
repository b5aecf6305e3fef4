"""The shop that sends orders in benchmarks, from a process of its own, signed beforehand."""

import asyncio
import base64
import hashlib
import hmac
import multiprocessing
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import BinaryIO

import uvloop

from benchmarks.ingress import SECRET, SHOP, order

CONNECTIONS = 64  # when all come at once
LANES = 128  # when each has its time


@dataclass(frozen=True)
class Orders:
    """Which orders to send where. `rate` a second, or all at once."""

    port: int
    hook: str
    numbers: range
    rate: float | None = None


@dataclass(frozen=True)
class Sent:
    """What sending took: seconds in all, seconds from when each order was due until it was
    accepted, when each was due (monotonic), and the sender's own CPU seconds."""

    seconds: float
    accepts: Sequence[float]
    due: dict[str, float]
    cpu: float


def send(orders: Orders) -> Sent:
    """Send from a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    sender = multiprocessing.Process(target=_send, args=(orders, theirs))
    sender.start()
    sent: Sent = ours.recv()
    sender.join()
    return sent


def _send(orders: Orders, answer: Connection) -> None:
    deliveries = {number: _signed(orders.hook, number) for number in orders.numbers}
    cpu = time.process_time()
    if orders.rate:
        seconds, accepts, due = _at_a_rate(orders, deliveries)
    else:
        seconds, accepts, due = uvloop.run(_all_at_once(orders, deliveries))
    answer.send(Sent(seconds, accepts, due, time.process_time() - cpu))


Timings = tuple[float, list[float], dict[str, float]]


async def _all_at_once(orders: Orders, deliveries: dict[int, bytes]) -> Timings:
    start, waiting = time.monotonic(), list(deliveries.values())
    accepts: list[float] = []

    async def lane() -> None:
        line = Lane(orders.port)
        while waiting:
            sent_at, delivery = time.monotonic(), waiting.pop()
            await line.deliver(delivery)
            accepts.append(time.monotonic() - sent_at)

    await asyncio.gather(*(lane() for _ in range(CONNECTIONS)))
    return time.monotonic() - start, accepts, {f"#{number}": start for number in deliveries}


def _at_a_rate(orders: Orders, deliveries: dict[int, bytes]) -> Timings:
    """Each at its time, from threads: an event loop's clock has steps of a millisecond, and would
    send up to one too early or too late. One lane's next order is due 1.28 s after its last."""
    start, rate = time.monotonic() + 0.2, orders.rate or 1.0
    due = {number: start + place / rate for place, number in enumerate(orders.numbers)}
    accepts: list[float] = []

    def lane(numbers: Sequence[int]) -> None:
        with socket.create_connection(("127.0.0.1", orders.port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = line.makefile("rb")
            for number in numbers:
                time.sleep(max(0.0, due[number] - time.monotonic()))
                line.sendall(deliveries[number])
                _read_whole(answers)
                accepts.append(time.monotonic() - due[number])

    with ThreadPoolExecutor(LANES) as lanes:
        for done in [lanes.submit(lane, orders.numbers[first::LANES]) for first in range(LANES)]:
            done.result()
    return time.monotonic() - start, accepts, {f"#{number}": at for number, at in due.items()}


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
        await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))


def _read_whole(answers: BinaryIO) -> None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = answers.readline()
        assert line, "The API closed the connection."
        head += line
    answers.read(_length(head))


def _length(head: bytes) -> int:
    """How long the body is. Whatever did not answer 200 ends the benchmark."""
    assert head.startswith(b"HTTP/1.1 200"), head
    return int(head.lower().partition(b"content-length:")[2].split()[0])


def _signed(hook: str, number: int) -> bytes:
    """One delivery as its bytes on the wire."""
    body = order(number)
    digest = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    head = (
        f"POST {hook} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Shopify-Topic: orders/create\r\n"
        f"X-Shopify-Hmac-Sha256: {digest}\r\nX-Shopify-Shop-Domain: {SHOP}\r\n"
        f"X-Shopify-Webhook-Id: delivery-{number}\r\nX-Shopify-API-Version: 2026-04\r\n\r\n"
    )
    return head.encode() + body
