"""The calm way to the book: SQLAlchemy's sessions.

Loaded when the first session is asked for. A worker at rest asks for none, and is 30 MB smaller.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.database_errors import is_stale, not_now
from cartwheel.drivers import LOCK_TIMEOUT_SECONDS, PATIENCE, set_pragmas


class Sessions:
    """One process's engines.

    `read` and `write` raise `Busy` where the database is locked, full, failing or away.
    """

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            self._reader = _sqlite_engine(path, read_only=True)
            self._writer = _sqlite_engine(path)
        else:
            self._reader = self._writer = _postgres_engine(url)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        with _busy():
            async with AsyncSession(self._reader, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction, committed at the end unless an error escapes."""
        with _busy():
            async with (
                AsyncSession(self._writer, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


@contextmanager
def _busy() -> Iterator[None]:
    """Turns what means "not now" into `Busy`; other errors pass as SQLAlchemy tells them."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if (problem := not_now(_said(error), also=())) is not None:
            raise problem from error
        raise


def _said(error: DBAPIError | PoolTimeout) -> BaseException | None:
    """What the driver said: SQLAlchemy wraps it once, its dialect for asyncpg once more."""
    if isinstance(error, PoolTimeout):
        return TimeoutError()
    wrapped = error.orig
    return wrapped if isinstance(wrapped, sqlite3.Error) else (wrapped and wrapped.__cause__)


def _postgres_engine(url: str) -> AsyncEngine:
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=2, max_overflow=6, pool_timeout=LOCK_TIMEOUT_SECONDS,
        connect_args={"server_settings": PATIENCE},
    )  # fmt: skip


def _sqlite_engine(path: str, *, read_only: bool = False) -> AsyncEngine:
    """An engine whose transactions begin IMMEDIATE: a writer never has to upgrade a lock."""
    mode = "ro" if read_only else "rw"
    engine = create_async_engine(
        f"sqlite+aiosqlite:///file:{path}?mode={mode}&uri=true",
        pool_size=4 if read_only else 1,
        max_overflow=4 if read_only else 0,
        pool_timeout=LOCK_TIMEOUT_SECONDS,
        connect_args={"timeout": LOCK_TIMEOUT_SECONDS, "isolation_level": None},
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        set_pragmas(connection)

    @event.listens_for(engine.sync_engine, "handle_error")
    def judge(context: Any) -> None:
        context.is_disconnect |= is_stale(context.original_exception)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
