"""Reads an answer's body without trusting it: not its size, not its packing, not its pace."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

import httpx

from cartwheel.outbound.exchange import ExchangeError, FailureKind

MAX_BODY_BYTES = 2 * 1024 * 1024
# Compression by less than nothing is legal; this is what its framing may add.
_PACKING_BYTES = 64 * 1024
# A body may always take this long, and then one second more for each of these bytes.
GRACE_SECONDS = 10.0
LEAST_BYTES_PER_SECOND = 512

ACCEPT_ENCODING = "gzip, deflate"
"""Only what can be unpacked piece by piece under the cap is asked for."""


class _Unpacker(Protocol):
    def feed(self, data: bytes, room: int) -> bytes:
        """At most `room + 1` further bytes of the body. Raises `zlib.error`."""
        ...

    def complete(self) -> bool: ...


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:
        return data[: room + 1]

    def complete(self) -> bool:
        return True


class _Gzip:
    """Gzip in any number of members."""

    def __init__(self) -> None:
        self._member = _gzip_member()

    def feed(self, data: bytes, room: int) -> bytes:
        unpacked = bytearray()
        while data and len(unpacked) <= room:
            if self._member.eof:
                self._member = _gzip_member()
            unpacked += self._member.decompress(data, room + 1 - len(unpacked))
            data = self._member.unconsumed_tail or self._member.unused_data.lstrip(b"\0")
        return bytes(unpacked)

    def complete(self) -> bool:
        return self._member.eof


def _gzip_member() -> "zlib._Decompress":
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


class _Deflate:
    """Zlib as the standard says, or raw deflate as some servers send it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes, room: int) -> bytes:
        if self._stream is None:
            is_zlib = data[0] & 0x0F == 8
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        return self._stream.decompress(data, room + 1)

    def complete(self) -> bool:
        return self._stream is not None and self._stream.eof


_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
}


async def read_body(response: httpx.Response, *, limit: int = MAX_BODY_BYTES) -> bytes:
    """The unpacked body. Raises `ExchangeError`: too large, too slow, or not as announced."""
    if _announced_bytes(response) > limit + _PACKING_BYTES:
        raise _too_large(limit)
    try:
        return await _unpacked(response, limit)
    except zlib.error as error:
        raise _unreadable("its compressed content is damaged") from error


async def _unpacked(response: httpx.Response, limit: int) -> bytes:
    unpacker = _unpacker_for(response)
    body = bytearray()
    received = 0
    async with aclosing(_paced(response)) as chunks:
        async for chunk in chunks:
            received += len(chunk)
            body += unpacker.feed(chunk, limit - len(body))
            if len(body) > limit or received > limit + _PACKING_BYTES:
                raise _too_large(limit)
    if received and not unpacker.complete():
        raise _unreadable("it ends too early")
    return bytes(body)


async def _paced(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The raw chunks, as long as they come in fast enough."""
    latest = asyncio.get_running_loop().time() + GRACE_SECONDS
    # Not `aiter_raw`: it refuses an answer that a `MockTransport` was given whole.
    assert isinstance(response.stream, httpx.AsyncByteStream)
    chunks = aiter(response.stream)
    while True:
        try:
            async with asyncio.timeout_at(latest) as watch:
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            if not watch.expired():
                raise
            raise ExchangeError(
                FailureKind.TOO_SLOW, "The server sent its answer too slowly to wait for it."
            ) from error
        latest += len(chunk) / LEAST_BYTES_PER_SECOND
        yield chunk


def _unpacker_for(response: httpx.Response) -> _Unpacker:
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in _UNPACKERS:
        raise _unreadable(f"it is packed in a way nobody asked for ({coding[:40]})")
    return _UNPACKERS[coding]()


def _announced_bytes(response: httpx.Response) -> int:
    announced = response.headers.get("content-length", "")
    return int(announced) if announced.isdecimal() and response.request.method != "HEAD" else 0


def _too_large(limit: int) -> ExchangeError:
    return ExchangeError(
        FailureKind.TOO_LARGE,
        f"The server's answer is larger than {limit / 1024 / 1024:g} MB, which is the most a step "
        "takes in.",
    )


def _unreadable(why: str) -> ExchangeError:
    return ExchangeError(FailureKind.BAD_ANSWER, f"The server's answer cannot be read: {why}.")
