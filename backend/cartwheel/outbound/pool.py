"""Connections kept alive between calls, and the bounds on how many there are."""

import asyncio
import ssl
from dataclasses import field

from cartwheel.outbound.answer import Answer, AnswerReader
from cartwheel.outbound.connection import Connection
from cartwheel.outbound.guard import CONNECT_SECONDS, AddressGuard, Target
from cartwheel.values import dataclass

MAX_CONNECTIONS = 512
MAX_CONNECTIONS_PER_HOST = 128
# Shorter than the 5 s after which common servers hang up: a call that meets a connection just
# closed on it cannot know whether it arrived.
KEEP_ALIVE_SECONDS = 4.0

Place = tuple[str, str, int]
"""(scheme, host, port)"""


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange to carry out: whereto, the bytes, and until when in the loop's time."""

    target: Target
    request: bytes = field(repr=False)
    deadline: float


@dataclass(slots=True)
class Progress:
    """How far a call came, for telling afterwards whether anything left."""

    host: str = ""
    sent: bool = False
    reused: bool = False
    status: int | None = None


@dataclass(slots=True)
class _Host:
    """What is kept for one place; `calls` counts those that use or await a connection."""

    room: asyncio.Semaphore
    idle: list[Connection] = field(default_factory=list)
    calls: int = 0


class Pool:
    """Lends connections; every new one is judged by the guard."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext) -> None:
        self._guard, self._tls = guard, tls
        self._room = asyncio.Semaphore(MAX_CONNECTIONS)
        self._hosts: dict[Place, _Host] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Hang up everywhere."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for host in self._hosts.values():
            for connection in host.idle:
                connection.close()
        self._hosts.clear()

    async def exchange(self, call: Call, reader: AnswerReader, progress: Progress) -> Answer:
        """Carry out one exchange, on a connection that is kept afterwards if it is still open.

        Raises what connecting and `Connection.exchange` raise.
        """
        target = call.target
        place = (target.scheme, target.host, target.port)
        host = self._hosts.get(place)
        if host is None:
            host = self._hosts[place] = _Host(asyncio.Semaphore(MAX_CONNECTIONS_PER_HOST))
        host.calls += 1
        try:
            await _enter(host.room, call.deadline)
            try:
                return await self._lent(host, call, reader, progress)
            finally:
                host.room.release()
        finally:
            host.calls -= 1
            if not host.calls and not host.idle:
                self._hosts.pop(place, None)

    async def _lent(
        self, host: _Host, call: Call, reader: AnswerReader, progress: Progress
    ) -> Answer:
        await _enter(self._room, call.deadline)
        try:
            lent = _still_open(host.idle) or await self._connected(call.target, call.deadline)
            # From the moment there is a connection, bytes may have left.
            progress.sent, progress.reused = True, lent.is_used
            try:
                return await lent.exchange(call.request, reader, call.deadline)
            finally:
                self._take_back(host, lent)
        finally:
            self._room.release()

    async def _connected(self, target: Target, deadline: float) -> Connection:
        loop = asyncio.get_running_loop()
        is_tls = target.scheme == "https"
        async with asyncio.timeout_at(min(deadline, loop.time() + CONNECT_SECONDS)):
            opened = await self._guard.connect(target.host, target.port)
            try:
                _, made = await loop.create_connection(
                    Connection,
                    sock=opened,
                    ssl=self._tls if is_tls else None,
                    server_hostname=target.host if is_tls else None,
                )
            except BaseException:
                opened.close()
                raise
        return made

    def _take_back(self, host: _Host, lent: Connection) -> None:
        if not lent.is_open:
            return
        host.idle.append(lent)
        if self._sweeper is None:
            self._sweep_soon()

    def _sweep_soon(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(KEEP_ALIVE_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Hang up where nothing was said for too long."""
        for place, host in list(self._hosts.items()):
            for connection in host.idle:
                if not connection.is_fresh(KEEP_ALIVE_SECONDS):
                    connection.close()
            host.idle = [each for each in host.idle if each.is_open]
            if not host.calls and not host.idle:
                del self._hosts[place]
        self._sweeper = None
        if any(host.idle for host in self._hosts.values()):
            self._sweep_soon()


def _still_open(idle: list[Connection]) -> Connection | None:
    """The connection used last, unless the other side may be about to hang up."""
    while idle:
        connection = idle.pop()
        if connection.is_fresh(KEEP_ALIVE_SECONDS):
            return connection
        connection.close()
    return None


async def _enter(room: asyncio.Semaphore, deadline: float) -> None:
    if room.locked():
        async with asyncio.timeout_at(deadline):
            await room.acquire()
    else:
        await room.acquire()
