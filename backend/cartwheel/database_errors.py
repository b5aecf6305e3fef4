"""What databases complain of, and which of it is "not now" instead of our bug."""

import errno
import sqlite3

import asyncpg

from cartwheel.errors import Busy, Crossed, StorageFailing, StorageFull

LOCKED_WORDS = "The database is busy just now. Nothing was accepted; try again in a moment."
_CROSSED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was ended in the moment it was used
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    ConnectionError,
    TimeoutError,
    FileNotFoundError,  # the server's socket went with it
)
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
_FAILING = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_STALE = _FAILING | {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_stale(error: BaseException) -> bool:
    """Whether a SQLite connection that said this should not be used any more.

    After a write or a flush that failed, what it remembers of the file may not be what is there.
    """
    return isinstance(error, sqlite3.Error) and _primary_code(error) in _STALE


def not_now(error: BaseException | None, *, also: tuple[type[BaseException], ...]) -> Busy | None:
    """The problem to raise where a database is locked, full, failing or away; None: another error.

    `also` counts as away.
    """
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, _CROSSED):
        return Crossed(LOCKED_WORDS)
    if isinstance(error, asyncpg.DiskFullError) or _has_no_room(error):
        return StorageFull()
    if isinstance(error, asyncpg.PostgresIOError):
        return StorageFailing()
    if isinstance(error, (*_AWAY, *also)):
        return Busy("The database cannot be reached just now. Nothing was lost; try again.")
    return None


def _of_sqlite(error: sqlite3.Error) -> Busy | None:
    code = _primary_code(error)
    if code == sqlite3.SQLITE_FULL:
        return StorageFull()
    if code in _FAILING:
        return StorageFailing()
    return Busy(LOCKED_WORDS) if code in _LOCKED else None


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's code without its details; 0 where Python itself complains."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _has_no_room(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in _NO_ROOM
