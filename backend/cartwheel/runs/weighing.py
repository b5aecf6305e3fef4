"""Bounds what a worker's runs take of its memory, by the bytes that stand in the book for them.

A run's memory is about six times its stored data (docs/decisions/0032-hands-and-bytes.md). Ordinary
runs are light, and the number of hands bounds them. Heavy ones go in as many at a time as fit, in
their order; light ones pass them by.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import accumulate

from cartwheel.runs.claims import ClaimedRun

LIGHT_BYTES = 64 * 1024
MOST_WAITING = 64
"""Heavy runs that wait with a hand; a worker that has more takes nothing until some have gone."""


class BytesInHand:
    """The bytes of the heavy runs that move: at most `most`, but always one run."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held = 0
        self._line: deque[tuple[int, asyncio.Event]] = deque()

    @property
    def is_crowded(self) -> bool:
        """Whether too many wait."""
        return len(self._line) >= MOST_WAITING

    @asynccontextmanager
    async def hold(self, stored_bytes: int) -> AsyncIterator[None]:
        """For the length of the block these bytes are in hand; whoever is light is not counted."""
        if stored_bytes < LIGHT_BYTES:
            yield
            return
        await self._come_in(stored_bytes)
        try:
            yield
        finally:
            self._held -= stored_bytes
            self._let_in()

    async def _come_in(self, stored_bytes: int) -> None:
        turn = (stored_bytes, asyncio.Event())
        self._line.append(turn)
        self._let_in()
        try:
            await turn[1].wait()
        except asyncio.CancelledError:
            if turn in self._line:
                self._line.remove(turn)
            else:
                self._held -= stored_bytes
            self._let_in()
            raise

    def _let_in(self) -> None:
        while self._line and (not self._held or self._held + self._line[0][0] <= self.most):
            stored_bytes, came = self._line.popleft()
            self._held += stored_bytes
            came.set()


def how_many_fit(sizes: Iterable[int], most_bytes: int, limit: int) -> int:
    """How many events of these sizes a worker may take at once: their texts stand in its memory
    until their runs are written down. One at least."""
    too_many = next((n for n, sum_ in enumerate(accumulate(sizes)) if sum_ > most_bytes), limit)
    return max(too_many, 1)


def without_text(run: ClaimedRun) -> ClaimedRun:
    """A heavy run that was just made lets go of its event's text: it is read again when the run's
    turn has come."""
    if run.event is None or run.stored_bytes < LIGHT_BYTES:
        return run
    return run.without_event()
