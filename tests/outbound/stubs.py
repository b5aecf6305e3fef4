"""Servers on loopback that say exactly what a test wants said, and count who calls."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Stub:
    """A listening server: where it is, how many connections it saw, which requests it read."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"


Script = Callable[[Stub, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(
    script: Script,
    host: str = "127.0.0.1",
    **options: object,
) -> AsyncIterator[Stub]:
    """Run `script` for every connection until the block ends."""
    stub = Stub()
    under_way: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stub.connections += 1
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, OSError):
                await script(stub, reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()
            under_way.discard(task)

    server = await asyncio.start_server(accept, host, 0, **options)  # type: ignore[arg-type]
    stub.port = server.sockets[0].getsockname()[1]
    try:
        yield stub
    finally:
        server.close()
        for task in list(under_way):
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def read_request(stub: Stub, reader: asyncio.StreamReader) -> bytes:
    """One whole HTTP request, headers and body, kept in `stub.requests`."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    stub.requests.append(head + (await reader.readexactly(length) if length else b""))
    return stub.requests[-1]


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer; `content_type="x"` becomes `content-type: x`."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def serving(*answers: bytes) -> AbstractAsyncContextManager[Stub]:
    """A server that gives these answers one after the other, and then the last one for ever."""

    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            await read_request(stub, reader)
            writer.write(answers[min(len(stub.requests), len(answers)) - 1])
            await writer.drain()

    return listening(script)


def let_time_pass(seconds: float) -> None:
    """From now on the running loop's clock is this much later, and its deadlines come due."""
    loop = asyncio.get_running_loop()
    earlier = loop.time
    loop.time = lambda: earlier() + seconds  # type: ignore[method-assign]


async def read_and_stay_silent(
    stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Takes the request in, and then an hour passes."""
    await read_request(stub, reader)
    let_time_pass(3600)
    await reader.read(-1)


async def swallow(stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads and never says a word."""
    stub.requests.append(await reader.read(65536))
    await reader.read(-1)
