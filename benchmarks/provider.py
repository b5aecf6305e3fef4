"""The provider that steps call in benchmarks: answers at once, and notes when each order came."""

import asyncio
import time
from typing import Any, ClassVar

import orjson
import uvloop

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Provider(asyncio.Protocol):
    """A POST of `{"order": name}` is noted and answered `{}`; a GET answers with all the notes, as
    `{name: seconds of the machine's monotonic clock}`, and forgets them."""

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
            told = self.told() if head.startswith(b"get") else self.note(body)
            self.transport.write(ANSWER % len(told) + told)

    def note(self, body: bytes) -> bytes:
        self.arrivals.setdefault(orjson.loads(body)["order"], time.monotonic())
        return b"{}"

    def told(self) -> bytes:
        told = orjson.dumps(self.arrivals)
        self.arrivals.clear()
        return told


def serve(port: int) -> None:
    """Run for ever, in a process of its own."""

    async def listen() -> None:
        server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(listen())
