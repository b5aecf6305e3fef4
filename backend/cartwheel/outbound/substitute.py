"""One of httpx's transports in the place of the network: `httpx.MockTransport` in tests."""

import asyncio

import httpx

from cartwheel.outbound.answer import Answer, AnswerReader
from cartwheel.outbound.pool import Call, Progress


class Substitute:
    """Answers what a pool would send."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    def close(self) -> None:
        """Nothing is open."""

    async def exchange(self, call: Call, reader: AnswerReader, progress: Progress) -> Answer:
        """Let the transport answer; what it says is read like any answer."""
        head, _, body = call.request.partition(b"\r\n\r\n")
        start, *lines = head.split(b"\r\n")
        headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
        method = start.partition(b" ")[0].decode()
        request = httpx.Request(method, call.target.url, headers=headers, content=body)
        async with asyncio.timeout_at(call.deadline):
            answer = await self._transport.handle_async_request(request)
            content = await answer.aread()
        progress.sent = True
        reader.feed(_written(answer, content))
        return reader.answer


def _written(answer: httpx.Response, content: bytes) -> bytes:
    """An answer as its bytes; its content is unpacked already."""
    unsaid = {b"content-encoding", b"content-length", b"transfer-encoding"}
    lines = [b"HTTP/1.1 %d OK" % answer.status_code]
    lines += [n + b": " + v for n, v in answer.headers.raw if n.lower() not in unsaid]
    lines.append(b"content-length: %d" % len(content))
    return b"\r\n".join((*lines, b"", content))
