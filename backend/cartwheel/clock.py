"""The one place where time and identity come from.

Real code asks a `Clock`; the simulator brings its own, so three days pass in a second.
Identifiers are ULIDs (https://github.com/ulid/spec): 26 characters that sort by creation time,
so that rows written together lie together in the index.
"""

import base64
import hashlib
import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _CROCKFORD.encode())


class Clock(Protocol):
    """Tells the time as aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The clock by which everything real happens: `now_ms`."""

    def now(self) -> datetime:
        return from_ms(now_ms())


def now_ms() -> int:
    """Milliseconds since 1970-01-01T00:00Z, as the database stores times.

    The machine's clock, unless `follow` was told of a better one.
    """
    if _followed is None:
        return time.time_ns() // 1_000_000
    told_ms, steady = _followed
    return told_ms + int((time.monotonic() - steady) * 1000)


_followed: tuple[int, float] | None = None
"""What a clock that all machines share said, and our own steady clock at that moment."""


def follow(shared_ms: int | None, steady: float = 0.0) -> None:
    """From now on `now_ms` counts on from what a shared clock said when our steady clock
    (`time.monotonic`) stood at `steady`; None: it asks this machine's clock again."""
    global _followed
    _followed = None if shared_ms is None else (shared_ms, steady)


def to_ms(moment: datetime) -> int:
    """An aware time as milliseconds since the epoch."""
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=64)
def from_ms(milliseconds: int) -> datetime:
    """Milliseconds since the epoch as an aware UTC time; what happens together shares it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


@lru_cache(maxsize=64)
def rfc3339(milliseconds: int) -> str:
    """Milliseconds since the epoch as `2026-11-22T09:30:00.000Z`."""
    return from_ms(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    """A fresh ULID."""
    return _time_part(now_ms()) + _eighty_bits(os.urandom(10))


def derived_id(milliseconds: int, *names: str) -> str:
    """The ULID of what follows from `names` and nothing else: the same again, whoever asks."""
    digest = hashlib.blake2b("\x1f".join(names).encode(), digest_size=10).digest()
    return _time_part(milliseconds) + _eighty_bits(digest)


def first_id_at(milliseconds: int) -> str:
    """The smallest ULID of a time: whatever was made before it sorts before it."""
    return _time_part(milliseconds) + 16 * "0"


@lru_cache(maxsize=64)
def _time_part(milliseconds: int) -> str:
    """The first ten characters; what happens together shares them."""
    return "".join(_CROCKFORD[(milliseconds >> shift) & 31] for shift in range(45, -1, -5))


def _eighty_bits(value: bytes) -> str:
    return base64.b32encode(value).translate(_TO_CROCKFORD).decode()
