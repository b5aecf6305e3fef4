"""The book: one schema on SQLite and PostgreSQL, and the two ways to reach it.

Calm paths use `read()` and `write()`, which hand out an SQLAlchemy session. Hot paths use `run()`:
a transaction written as a generator that yields statements and receives rows. SQLite plays the
whole generator in its writer thread, PostgreSQL awaits each statement, and the hot code stands
once. Measured reasons for the rules about SQLite (one writer, the pause after each commit) are in
docs/decisions/0008-database.md.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from starlette.requests import Request

from cartwheel.clock import follow
from cartwheel.database_errors import LOCKED_WORDS, not_now
from cartwheel.drivers import LOCK_TIMEOUT_SECONDS, Driver, PostgresDriver, SqliteDriver
from cartwheel.errors import Busy, StorageFailing, StorageFull
from cartwheel.statements import Row, Sql, Transaction

if TYPE_CHECKING:
    from sqlmodel.ext.asyncio.session import AsyncSession

    from cartwheel.sessions import Sessions

PAUSE_AFTER_COMMIT_SECONDS = 0.003
COMMITS_IN_A_ROW = 2
ASK_THE_TIME_EVERY_SECONDS = 10.0
LONGEST_TIME_ANSWER_SECONDS = 0.2
TROUBLE_LASTS_SECONDS = 2.0
LEAST_ROOM_BYTES = 1 << 20
T = TypeVar("T")


def dump_json(value: Any) -> str:
    """A JSON value as text. Decimals become strings, as money is written."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class Database:
    """One process's connections to the book. Open with `await Database.open(url)`."""

    def __init__(self, url: str, driver: Driver) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._driver = driver
        self._sessions: Sessions | None = None
        self._turn = asyncio.Lock()
        self._free_at = 0.0
        self._in_a_row = 0
        self._clock: asyncio.Task[None] | None = None
        self._trouble: tuple[float, type[StorageFull | StorageFailing]] | None = None

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Connect to `sqlite:///path` or `postgresql://…`; the schema must be there already."""
        if url.startswith("sqlite"):
            return cls(url, SqliteDriver(url.removeprefix("sqlite:///")))
        opened = cls(url, await PostgresDriver.connect(url))
        await opened._learn_the_time()
        opened._clock = asyncio.create_task(opened._keep_time(), name="database-clock")
        return opened

    async def close(self) -> None:
        if self._clock:
            self._clock.cancel()
            follow(None)
        await self._driver.close()
        if self._sessions is not None:
            await self._sessions.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator["AsyncSession"]:
        """A session that only reads."""
        with _busy():
            async with self._calm().read() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator["AsyncSession"]:
        """A session in one transaction, committed at the end unless an error escapes."""
        async with self._writing():
            with _busy():
                async with self._calm().write() as session:
                    yield session

    def _calm(self) -> "Sessions":
        if self._sessions is None:
            from cartwheel.sessions import Sessions

            self._sessions = Sessions(self.url)
        return self._sessions

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

    async def ask(self, questions: Transaction[T]) -> T:
        """Play a transaction that only reads, each statement by itself, behind nobody's lock."""
        with _busy(OSError):
            return await self._driver.ask(questions)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """SQLite: one writer of this process at a time, off the lock for a moment now and then."""
        if not self.is_sqlite:
            yield
            return
        await self._take_turn()
        try:
            await self._stand_back()
            yield
        finally:
            self._in_a_row += 1
            self._free_at = time.monotonic() + PAUSE_AFTER_COMMIT_SECONDS
            self._turn.release()

    async def _stand_back(self) -> None:
        """Off the lock for a moment. Who has been off it lately may write twice in a row: at a calm
        pace the second commit of an event need not wait for a neighbour who is not there."""
        pause = self._free_at - time.monotonic()
        if pause <= 0:
            self._in_a_row = 0
        elif self._in_a_row >= COMMITS_IN_A_ROW:
            await asyncio.sleep(pause)
            self._in_a_row = 0

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
