"""What was read from the book and may be a little old: kept for some seconds, read once at a time.

Without the second half a crowd that asks for the same thing in the same moment, as the first runs
of a worker do, reads it hundreds of times, one after the other.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

MOST_KEPT = 10_000


class Remembered(Generic[Key, Value]):
    """Keeps what `read` told of a key for so many seconds. `get` raises what `read` raises."""

    def __init__(self, read: Callable[[Key], Awaitable[Value]], seconds: float) -> None:
        self._read, self._seconds = read, seconds
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._reading: dict[Key, asyncio.Task[Value]] = {}

    async def get(self, key: Key) -> Value:
        """What is known of the key."""
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        reading = self._reading.get(key)
        if reading is None:
            reading = self._reading[key] = asyncio.create_task(self._keep(key), name="reading")
        return await asyncio.shield(reading)

    def known(self, key: Key) -> Value | None:
        """What was read last, however old; None when that is nothing."""
        kept = self._kept.get(key)
        return kept[1] if kept else None

    def forget(self, key: Key) -> None:
        """It has changed: what is being read just now is not kept either."""
        self._kept.pop(key, None)
        self._reading.pop(key, None)

    def forget_where(self, fits: Callable[[Key], bool]) -> None:
        """`forget` every key that fits."""
        for key in [key for key in (*self._kept, *self._reading) if fits(key)]:
            self.forget(key)

    async def _keep(self, key: Key) -> Value:
        try:
            value = await self._read(key)
            if self._reading.get(key) is asyncio.current_task():
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = (time.monotonic() + self._seconds, value)
            return value
        finally:
            if self._reading.get(key) is asyncio.current_task():
                del self._reading[key]
