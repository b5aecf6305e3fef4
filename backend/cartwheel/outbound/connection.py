"""One connection that carries one exchange at a time."""

import asyncio
from typing import cast

from cartwheel.outbound.answer import Answer, AnswerReader
from cartwheel.outbound.body import too_slow


class Gone(Exception):
    """The other side ended the connection before its answer was complete."""


class Connection(asyncio.Protocol):
    """To an address that the guard judged; it stays with that address for life."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._done: asyncio.Future[None] | None = None
        self._pace: asyncio.TimerHandle | None = None
        self._body_since = 0.0
        self.is_open = False
        self.is_used = False
        self._used_at = 0.0

    async def exchange(self, request: bytes, reader: AnswerReader, deadline: float) -> Answer:
        """Send a request and read its answer until `deadline`, in the loop's time.

        Raises `Gone`, `TimeoutError` and `ExchangeError`. The connection is left open only when it
        can carry another one.
        """
        if self._transport is None or not self.is_open:
            raise Gone
        self.is_used = True
        self._reader, self._done = reader, self._loop.create_future()
        self._transport.write(request)
        timer = self._loop.call_at(deadline, self._fail, TimeoutError())
        try:
            await self._done
        finally:
            timer.cancel()
            self._end_exchange(reader)
        return reader.answer

    def is_fresh(self, seconds: float) -> bool:
        """Whether it is open and was used in the last so many seconds."""
        return self.is_open and self._loop.time() - self._used_at < seconds

    def close(self) -> None:
        """Hang up at once."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def _end_exchange(self, reader: AnswerReader) -> None:
        self._reader = self._done = None
        if self._pace is not None:
            self._pace.cancel()
            self._pace = None
        self._used_at = self._loop.time()
        if not reader.may_go_on:
            self.close()

    # --- what the loop calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast(asyncio.Transport, transport), True

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:  # Nobody asked.
            self.close()
            return
        try:
            reader.feed(data)
        except Exception as error:  # noqa: BLE001  (handed to whoever waits for the answer)
            self._fail(error)
            return
        if reader.is_complete:
            self._succeed()
        elif self._pace is None and reader.body is not None:
            self._body_since = self._loop.time()
            self._watch_pace(reader)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if self._reader is not None and error is None and self._reader.end():
            self._succeed()
        else:
            self._fail(Gone())

    # --- how it ends ---

    def _watch_pace(self, reader: AnswerReader) -> None:
        """Give up an answer whose body comes in too slowly."""
        if reader.body is None or self._reader is not reader:
            return
        latest = self._body_since + reader.body.seconds_allowed
        if self._loop.time() >= latest:
            self._fail(too_slow())
        else:
            self._pace = self._loop.call_at(latest, self._watch_pace, reader)

    def _succeed(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    def _fail(self, error: Exception) -> None:
        """An exchange that fails ends its connection: what else may come on it is nobody's."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)
            self.close()
