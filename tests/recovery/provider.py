"""The outside: a provider that counts every call by its idempotency key."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Provider:
    """Counts what it was asked by key and by body, and answers as it is told.

    `calls` is by `Idempotency-Key`: one act has one key, however often it is carried out.
    `arrived_at` is when each body came first, by the test's own clock.
    """

    calls: Counter[str] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    arrived_at: dict[str, float] = field(default_factory=dict)
    says: bytes = b"{}"
    delay_seconds: float = 0.0
    hold: asyncio.Event | None = None
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # A worker was killed.
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = _headers(await reader.readuntil(b"\r\n\r\n"))
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.calls[headers.get("idempotency-key", body)] += 1
        self.bodies[body] += 1
        self.arrived_at.setdefault(body, time.time())
        if self.hold is not None:
            await self.hold.wait()
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(self.says))
        writer.write(self.says)
        await writer.drain()

    @property
    def total(self) -> int:
        return sum(self.calls.values())


def _headers(head: bytes) -> Mapping[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
