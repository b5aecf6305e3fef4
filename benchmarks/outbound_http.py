"""What one call through the way out costs, against a local stub in a process of its own.

Run: `python benchmarks/outbound_http.py [calls] [in flight]`. Prints, per way of calling, the time
and our CPU time for each call. The decision that rests on it: docs/decisions/0018-the-wire.md.
"""

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpx

from cartwheel.outbound.exchange import OutboundRequest, OutboundResponse
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
    b'{"id": "msg_0123456789ab"}'
)
BODY = b'{"to": "+48500100200", "text": "Your order #1042 is on its way."}'
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer 0123456789abcdef"}

Call = Callable[[str], Awaitable[None]]


class Stub(asyncio.Protocol):
    """Answers every request at once, as cheaply as Python can."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.read = b""

    def data_received(self, data: bytes) -> None:
        self.read += data
        if BODY in self.read:
            self.read = b""
            self.transport.write(ANSWER)  # type: ignore[attr-defined]


def serve(port: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def measure(name: str, call: Call, url: str, calls: int, in_flight: int) -> None:
    places = asyncio.Semaphore(in_flight)

    async def one() -> None:
        async with places:
            await call(url)

    await asyncio.gather(*(one() for _ in range(in_flight * 2)))
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(calls)))
    wall = (time.perf_counter() - began) / calls * 1000
    ours = (time.process_time() - cpu) / calls * 1000
    print(f"{name:<28} {wall:6.3f} ms a call, {ours:6.3f} ms CPU")


async def compare(port: int, calls: int, in_flight: int) -> None:
    url = f"http://127.0.0.1:{port}/messages"
    async with HttpClient(AddressGuard([f"127.0.0.1:{port}"])) as ours:

        async def guarded(url: str) -> None:
            outcome = await ours.send(OutboundRequest("POST", url, HEADERS, BODY))
            assert isinstance(outcome, OutboundResponse), outcome

        await measure("HttpClient (guarded)", guarded, url, calls, in_flight)
    async with httpx.AsyncClient() as client:

        async def plain(url: str) -> None:
            await client.post(url, headers=HEADERS, content=BODY)

        await measure("httpx with its own transport", plain, url, calls // 5, in_flight)


def main() -> None:
    calls, in_flight = (int(word) for word in (*sys.argv[1:], *("5000", "64")[len(sys.argv) - 1 :]))
    ours, theirs = multiprocessing.Pipe()
    stub = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    stub.start()
    try:
        asyncio.run(compare(ours.recv(), calls, in_flight))
    finally:
        stub.terminate()


if __name__ == "__main__":
    main()
