"""Reads an answer's body without trusting it: not its size, not its packing, not its pace."""

import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

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


class Body:
    """Unpacks a body piece by piece under the cap.

    Making one and `feed` raise `ExchangeError` for what is too large or cannot be read.
    """

    def __init__(self, headers: Mapping[str, str], *, limit: int = MAX_BODY_BYTES) -> None:
        self._limit = limit
        if _announced_bytes(headers) > limit + _PACKING_BYTES:
            raise _too_large(limit)
        self._unpacker = _unpacker_for(headers)
        self._pieces: list[bytes] = []
        self._received = self._unpacked = 0

    def feed(self, data: bytes) -> None:
        """Take a piece in."""
        self._received += len(data)
        try:
            piece = self._unpacker.feed(data, self._limit - self._unpacked)
        except zlib.error as error:
            raise _unreadable("its compressed content is damaged") from error
        self._unpacked += len(piece)
        if self._unpacked > self._limit or self._received > self._limit + _PACKING_BYTES:
            raise _too_large(self._limit)
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """All of it. Raises `ExchangeError` when something is missing at the end."""
        if self._received and not self._unpacker.complete():
            raise _unreadable("it ends too early")
        return b"".join(self._pieces)

    @property
    def seconds_allowed(self) -> float:
        """How long all that has come in so far may have taken, and the next piece may."""
        return GRACE_SECONDS + self._received / LEAST_BYTES_PER_SECOND


def _unpacker_for(headers: Mapping[str, str]) -> _Unpacker:
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in _UNPACKERS:
        raise _unreadable(f"it is packed in a way nobody asked for ({coding[:40]})")
    return _UNPACKERS[coding]()


def _announced_bytes(headers: Mapping[str, str]) -> int:
    announced = headers.get("content-length", "")
    return int(announced) if announced.isdecimal() else 0


def too_slow() -> ExchangeError:
    """It came in, but at a pace that nobody waits for."""
    return ExchangeError(
        FailureKind.TOO_SLOW, "The server sent its answer too slowly to wait for it."
    )


def _too_large(limit: int) -> ExchangeError:
    return ExchangeError(
        FailureKind.TOO_LARGE,
        f"The server's answer is larger than {limit / 1024 / 1024:g} MB, which is the most a step "
        "takes in.",
    )


def _unreadable(why: str) -> ExchangeError:
    return ExchangeError(FailureKind.BAD_ANSWER, f"The server's answer cannot be read: {why}.")
