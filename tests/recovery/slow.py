"""A provider that takes its time, in each of the ways in which one can."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import orjson

from tests.runs.acting import ActProvider
from tests.runs.conftest import answer

LATE, TRICKLE, RESET, SILENT = "late", "trickle", "reset", "silent"
CROWD = "crowd"
_RESET_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass
class SlowProvider(ActProvider):
    """The first word of an order says how the first attempt on it is taken.

    `late` answers after `late_seconds`, `trickle` sends its body byte by byte, one a second,
    `reset` resets the connection in the middle of the body, `silent` takes the request and never
    answers, and so does `crowd` until `is_well`. Each of them does act.
    """

    late_seconds: float = 0.0
    is_well: bool = False
    left_alone: int = 0
    """How many of the crowd got no answer."""

    calls: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def total(self) -> int:
        """How often it was asked to act."""
        return self.calls.total()

    async def _act(self, given: dict[str, str], writer: asyncio.StreamWriter) -> None:
        order = given["order"]
        self.calls[given["key"]] += 1
        how = order.partition("/")[0]
        is_slow = how in {LATE, TRICKLE, RESET, SILENT} or (how == CROWD and not self.is_well)
        if not is_slow or self.asked[order]:
            await super()._act(given, writer)
            return
        self.asked[order] += 1
        self.done[order] += 1
        self.keys[given["key"]] = order
        await self._slowly(how, answer(200, orjson.dumps({"id": f"a-{order}"})), writer)

    async def _slowly(self, how: str, whole: bytes, writer: asyncio.StreamWriter) -> None:
        head, _, body = whole.partition(b"\r\n\r\n")
        match how:
            case "late":
                await asyncio.sleep(self.late_seconds)
                writer.write(whole)
            case "trickle":
                writer.write(head + b"\r\n\r\n")
                for byte in body:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(1)
            case "reset":
                writer.write(whole[:-4])
                await writer.drain()
                opened = writer.get_extra_info("socket")
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
                writer.transport.abort()
            case _:
                self.left_alone += how == CROWD
                await self.over.wait()


@asynccontextmanager
async def slow_provider() -> AsyncIterator[SlowProvider]:
    outside = SlowProvider()
    server = await asyncio.start_server(outside.serve, "127.0.0.1", 0)
    outside.port = server.sockets[0].getsockname()[1]
    yield outside
    outside.over.set()
    server.close()


@contextmanager
def hanging_port() -> Iterator[int]:
    """A port at which connecting hangs: its queue is full, so the kernel drops who comes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listening.getsockname())
        yield int(listening.getsockname()[1])
        for each in waiting:
            each.close()
