"""The book: one schema on SQLite and PostgreSQL, and the two ways to reach it.

Calm paths use `read()` and `write()`, which hand out an SQLAlchemy session. Hot paths use `run()`:
a transaction written as a generator that yields statements and receives rows. SQLite plays the
whole generator in its writer thread, PostgreSQL awaits each statement, and the hot code stands
once. Measured reasons for the rules about SQLite (one writer, the pause after each commit) are in
docs/decisions/0008-database.md.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import GeneratorType
from typing import Any, TypeVar

import asyncpg
import orjson
from sqlalchemy import Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from cartwheel import failpoints
from cartwheel.clock import follow
from cartwheel.database_errors import LOCKED_WORDS, is_stale, not_now
from cartwheel.errors import Busy, StorageFailing, StorageFull
from cartwheel.statements import (
    Row,
    Sql,
    Transaction,
    execute_postgres,
    execute_sqlite,
    numbered,
)

PAUSE_AFTER_COMMIT_SECONDS = 0.003
LOCK_TIMEOUT_SECONDS = 4.0
ASK_THE_TIME_EVERY_SECONDS = 10.0
LONGEST_TIME_ANSWER_SECONDS = 0.2
TROUBLE_LASTS_SECONDS = 2.0
LEAST_ROOM_BYTES = 1 << 20
T = TypeVar("T")


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text: the same on both databases, and cheap to pass on unread."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else dump_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else orjson.loads(value)


def dump_json(value: Any) -> str:
    """A JSON value as text. Decimals become strings, as money is written."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class Database:
    """One process's connections to the book. Open with `await Database.open(url)`."""

    def __init__(self, url: str, driver: "_Driver", reader: AsyncEngine, writer: AsyncEngine):
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._driver = driver
        self._reader, self._writer = reader, writer
        self._turn = asyncio.Lock()
        self._free_at = 0.0
        self._clock: asyncio.Task[None] | None = None
        self._trouble: tuple[float, type[StorageFull | StorageFailing]] | None = None

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Connect to `sqlite:///path` or `postgresql://…`; the schema must be there already."""
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            return cls(
                url, _SqliteDriver(path), _sqlite_engine(path, read_only=True), _sqlite_engine(path)
            )
        patience = {"lock_timeout": f"{LOCK_TIMEOUT_SECONDS:.0f}s"}
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=6, command_timeout=30, server_settings={**patience, **_HOT}
        )
        engine = create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=2, max_overflow=6, pool_timeout=LOCK_TIMEOUT_SECONDS,
            connect_args={"server_settings": patience},
        )  # fmt: skip
        opened = cls(url, _PostgresDriver(pool), engine, engine)
        await opened._learn_the_time()
        opened._clock = asyncio.create_task(opened._keep_time(), name="database-clock")
        return opened

    async def close(self) -> None:
        if self._clock:
            self._clock.cancel()
            follow(None)
        await self._driver.close()
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        with _busy():
            async with AsyncSession(self._reader, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction, committed at the end unless an error escapes."""
        async with self._writing():
            with _busy():
                async with (
                    AsyncSession(self._writer, expire_on_commit=False) as session,
                    session.begin(),
                ):
                    yield session

    async def run(self, transaction: Transaction[T]) -> T:
        """Play a hot transaction to its end and commit it.

        Raises `Busy` when the database is locked, full, failing or away; then nothing was written.
        """
        async with self._writing():
            try:
                with _busy(OSError):
                    return await self._driver.run(transaction)
            except (StorageFull, StorageFailing) as trouble:
                self._trouble = (time.monotonic(), type(trouble))
                raise

    async def prove_storage(self) -> None:
        """Write something that changes nothing. Raises `Busy`.

        A little may still find room where more did not a moment ago, so that is remembered too.
        """
        await self.run(try_writing())
        if self._trouble and time.monotonic() - self._trouble[0] < TROUBLE_LASTS_SECONDS:
            raise self._trouble[1]()
        if self.is_sqlite and shutil.disk_usage(_folder(self.url)).free < LEAST_ROOM_BYTES:
            raise StorageFull

    async def fetch(self, statement: Sql) -> list[Row]:
        """Rows of one hot read."""
        with _busy(OSError):
            return await self._driver.fetch(statement)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """SQLite: one writer of this process at a time, off the lock for a moment after each."""
        if not self.is_sqlite:
            yield
            return
        await self._take_turn()
        try:
            if (pause := self._free_at - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            yield
        finally:
            self._free_at = time.monotonic() + PAUSE_AFTER_COMMIT_SECONDS
            self._turn.release()

    async def _take_turn(self) -> None:
        """Whoever stands behind a writer that waits for somebody else's lock is told so in time:
        the second in the queue would wait twice as long, the fifth five times."""
        try:
            async with asyncio.timeout(LOCK_TIMEOUT_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise Busy(LOCKED_WORDS) from None

    async def _keep_time(self) -> None:
        """Processes on several machines agree on the time: it is the server's, for leases and waits
        and everything else. SQLite's processes share their machine's clock as it is."""
        while True:
            await asyncio.sleep(ASK_THE_TIME_EVERY_SECONDS)
            with suppress(Busy):
                took, told_ms, steady = await self._ask_the_time()
                if took <= LONGEST_TIME_ANSWER_SECONDS:
                    follow(told_ms, steady)

    async def _learn_the_time(self) -> None:
        """At the start some answer is better than none: the quickest of a few."""
        answers = [await self._ask_the_time() for _ in range(3)]
        _, told_ms, steady = min(answers)
        follow(told_ms, steady)

    async def _ask_the_time(self) -> tuple[float, int, float]:
        """Seconds that the answer took, the server's time in ms, and our steady clock then.

        An answer that took long says little of when it was given.
        """
        asked = time.monotonic()
        rows = await self.fetch(_SERVER_TIME)
        answered = time.monotonic()
        return answered - asked, int(rows[0][0]), (asked + answered) / 2


def _folder(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent


def try_writing() -> Transaction[None]:
    """Change nothing, and have it written to the disk all the same. SQLite leaves out an update
    that would put down what is there already, so there is a way out and one back."""
    yield Sql("UPDATE workspace SET created_at = created_at + 1 WHERE id = 1")
    yield Sql("UPDATE workspace SET created_at = created_at - 1 WHERE id = 1")


_SERVER_TIME = Sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")


def database(request: Request) -> Database:
    """FastAPI dependency: the process's database."""
    opened: Database = request.app.state.database
    return opened


# --- drivers ---


class _SqliteDriver:
    """The standard library's sqlite3: a writer and a reader, each on a thread of its own."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer_thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader_thread = ThreadPoolExecutor(1, "sqlite-reader")
        self._connections: dict[str, sqlite3.Connection] = {}

    async def run(self, transaction: Transaction[T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer_thread, self._play, transaction)

    async def fetch(self, statement: Sql) -> list[Row]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader_thread, self._read, statement)

    async def close(self) -> None:
        self._writer_thread.shutdown()
        self._reader_thread.shutdown()
        for connection in self._connections.values():
            connection.close()

    def _connection(self, use: str) -> sqlite3.Connection:
        if use not in self._connections:
            self._connections[use] = _connect_sqlite(self._path, read_only=use == "read")
        return self._connections[use]

    def _play(self, transaction: Transaction[T]) -> T:
        connection = self._connection("write")
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = _play_sqlite(connection, transaction)
            _pass(transaction, "before_commit")
            connection.execute("COMMIT")
            _pass(transaction, "after_commit")
        except BaseException as error:
            transaction.close()
            self._undo("write", error)
            raise
        return result

    def _read(self, statement: Sql) -> list[Row]:
        connection = self._connection("read")
        try:
            return connection.execute(numbered(statement.text), statement.args).fetchall()
        except sqlite3.Error as error:
            self._undo("read", error)
            raise

    def _undo(self, use: str, error: BaseException) -> None:
        """Leave no transaction open, and no connection that may remember what is not there."""
        with suppress(sqlite3.Error):
            if self._connections[use].in_transaction:
                self._connections[use].execute("ROLLBACK")
        if is_stale(error) or self._connections[use].in_transaction:
            with suppress(sqlite3.Error):
                self._connections.pop(use).close()


def _play_sqlite(connection: sqlite3.Connection, transaction: Transaction[T]) -> T:
    answer: list[Row] = []
    try:
        statement = next(transaction)
        while True:
            answer = execute_sqlite(connection, statement)
            statement = transaction.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


class _PostgresDriver:
    """asyncpg: batches travel as one array per column."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def run(self, transaction: Transaction[T]) -> T:
        async with self._pool.acquire() as connection:
            async with connection.transaction():
                result = await _play_postgres(connection, transaction)
                _pass(transaction, "before_commit")
            _pass(transaction, "after_commit")
            return result

    async def fetch(self, statement: Sql) -> list[Row]:
        rows: list[Row] = await self._pool.fetch(statement.text, *statement.args)
        return rows

    async def close(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._pool.close(), 5)


async def _play_postgres(connection: Any, transaction: Transaction[T]) -> T:
    try:
        statement = next(transaction)
        while True:
            statement = transaction.send(await execute_postgres(connection, statement))
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        transaction.close()


def _pass(transaction: Transaction[Any], moment: str) -> None:
    if failpoints.armed and isinstance(transaction, GeneratorType):
        failpoints.hit(transaction.__name__, moment)


_Driver = _SqliteDriver | _PostgresDriver


# --- connections ---


def _connect_sqlite(path: str, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"file:{path}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=LOCK_TIMEOUT_SECONDS,
        check_same_thread=False,
        cached_statements=256,
    )
    _set_pragmas(connection)
    return connection


def _set_pragmas(connection: Any) -> None:
    """FULL keeps the last commit through a power cut; foreign keys are off unless asked for."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={int(LOCK_TIMEOUT_SECONDS * 1000)}")
    cursor.close()


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
        _set_pragmas(connection)

    @event.listens_for(engine.sync_engine, "handle_error")
    def judge(context: Any) -> None:
        context.is_disconnect |= is_stale(context.original_exception)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _busy:  # noqa: N801  (reads as a statement)
    """Turns a database that is locked, full, failing or away into `Busy`; other errors pass.

    Where nothing but the driver runs inside, any `OSError` is its own: a name that is not known
    just now, for one.
    """

    def __init__(self, *away: type[BaseException]) -> None:
        self._away = away

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if (problem := not_now(error, also=self._away)) is not None:
            raise problem from error


_HOT = {"enable_seqscan": "off", "jit": "off"}
"""A plan made while its table was empty reads the table from end to end, and a connection keeps it:
10,000 runs later each foreign key that is checked costs a millisecond (164 runs a second instead of
what an index allows). Every hot statement has an index to go by, and none is worth compiling."""
