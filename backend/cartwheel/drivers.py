"""How hot transactions are played: on SQLite in a thread of its own, on PostgreSQL by asyncpg."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import GeneratorType
from typing import Any, Generic, TypeVar

import asyncpg

from cartwheel import failpoints
from cartwheel.database_errors import is_stale
from cartwheel.statements import (
    Alone,
    Row,
    Sql,
    Statement,
    Transaction,
    Whole,
    execute_postgres,
    execute_sqlite,
    numbered,
)

LOCK_TIMEOUT_SECONDS = 4.0
PATIENCE = {"lock_timeout": f"{LOCK_TIMEOUT_SECONDS:.0f}s"}
T = TypeVar("T")


class SqliteDriver:
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

    async def ask(self, questions: Transaction[T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader_thread, self._answer, questions)

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

    def _answer(self, questions: Transaction[T]) -> T:
        try:
            return _play_sqlite(self._connection("read"), questions)
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


class PostgresDriver:
    """asyncpg: batches travel as one array per column."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str) -> "PostgresDriver":
        return cls(
            await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=6,
                command_timeout=30,
                statement_cache_size=256,  # What is told together comes in many combinations.
                reset=_as_it_is,
                server_settings={**PATIENCE, **_HOT},
            )
        )

    async def run(self, transaction: Transaction[T]) -> T:
        play = _Play(transaction)
        async with self._pool.acquire() as connection:
            if isinstance(play.statement, Alone | Whole):
                _pass(transaction, "before_commit")
                await play.step(connection)
                _pass(transaction, "after_commit")
            if play.statement is not None:
                async with connection.transaction():
                    await play.to_its_end(connection)
                    _pass(transaction, "before_commit")
                _pass(transaction, "after_commit")
        return play.result

    async def fetch(self, statement: Sql) -> list[Row]:
        rows: list[Row] = await self._pool.fetch(statement.text, *statement.args)
        return rows

    async def ask(self, questions: Transaction[T]) -> T:
        async with self._pool.acquire() as connection:
            return await _Play(questions).to_its_end(connection)

    async def close(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._pool.close(), 5)


async def _as_it_is(_: Any) -> None:
    """Nothing is set on a connection after it was made, so none needs to be set back."""


class _Play(Generic[T]):
    """A transaction on its way: the statement that is next, or None and its result."""

    result: T

    def __init__(self, transaction: Transaction[T]) -> None:
        self._transaction = transaction
        self.statement: Statement | None = None
        self._resume(None)

    async def step(self, connection: Any) -> None:
        """Play the statement that is next."""
        assert self.statement is not None
        try:
            answer = await execute_postgres(connection, self.statement)
        except BaseException:
            self._transaction.close()
            raise
        self._resume(answer)

    async def to_its_end(self, connection: Any) -> T:
        while self.statement is not None:
            await self.step(connection)
        return self.result

    def _resume(self, answer: list[Any] | None) -> None:
        try:
            # The first `send` has nothing to answer, as `next` has not.
            self.statement = self._transaction.send(answer)  # type: ignore[arg-type]
        except StopIteration as end:
            self.statement, self.result = None, end.value


def _pass(transaction: Transaction[Any], moment: str) -> None:
    if failpoints.armed and isinstance(transaction, GeneratorType):
        failpoints.hit(transaction.__name__, moment)


Driver = SqliteDriver | PostgresDriver


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
    set_pragmas(connection)
    return connection


def set_pragmas(connection: Any) -> None:
    """FULL keeps the last commit through a power cut; foreign keys are off unless asked for."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={int(LOCK_TIMEOUT_SECONDS * 1000)}")
    cursor.close()


_HOT = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""A plan made while its table was empty reads the table from end to end, and a connection keeps it:
10,000 runs later each foreign key that is checked costs a millisecond (164 runs a second instead of
what an index allows). Every hot statement has an index to go by, row by row, and none is worth
compiling. As that leaves nothing to choose by what is asked, each is planned once: planning the
commit before an act took as long as its execution, every time."""
