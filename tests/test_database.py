"""The book behaves the same on both databases."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlmodel import select, text

from cartwheel.accounts.models import Workspace
from cartwheel.database import Database
from cartwheel.errors import Busy, StorageFailing, StorageFull
from cartwheel.schema import migrate
from cartwheel.statements import (
    Alone,
    Batch,
    Deletes,
    Flush,
    Row,
    Rows,
    Sql,
    Together,
    Transaction,
    Updates,
    Whole,
)

_COLUMNS = ("id", "name", "timezone", "currency", "locale", "created_at")
_TYPES = ("int", "text", "text", "text", "text", "bigint")


def _insert(*ids: int) -> Transaction[list[int]]:
    rows = [(number, f"shop {number}", "UTC", "EUR", "en", 0) for number in ids]
    inserted = yield Rows(
        "workspace", _COLUMNS, _TYPES, rows, "ON CONFLICT DO NOTHING", returning="id"
    )
    return [row[0] for row in inserted]


def _insert_and_fail(number: int) -> Transaction[None]:
    yield from _insert(number)
    raise ValueError("after the insert")


async def test_a_hot_insert_tells_which_rows_were_new(database: Database) -> None:
    assert sorted(await database.run(_insert(1, 2))) == [1, 2]
    assert await database.run(_insert(2, 3)) == [3]


async def test_a_failing_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="after the insert"):
        await database.run(_insert_and_fail(1))
    assert await database.fetch(Sql("SELECT id FROM workspace WHERE id = $1", (1,))) == []
    assert await database.run(_insert(1)) == [1]


async def test_calm_and_hot_paths_see_each_other(database: Database) -> None:
    async with database.write() as session:
        session.add(Workspace(id=7, name="Calm", created_at=1))
    assert [tuple(row) for row in await database.fetch(Sql("SELECT id, name FROM workspace"))] == [
        (7, "Calm")
    ]
    await database.run(_insert(8))
    async with database.read() as session:
        assert len((await session.exec(select(Workspace))).all()) == 2


async def test_many_writers_take_turns(database: Database) -> None:
    await asyncio.gather(*(database.run(_insert(number)) for number in range(1, 21)))
    rows = await database.fetch(Sql("SELECT count(*) FROM workspace"))
    assert rows[0][0] == 20


async def test_a_reader_session_cannot_write_on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's read() shares the pool; only SQLite opens the file read-only")
    with pytest.raises(Busy):
        await _write_while_reading(database)


async def _write_while_reading(database: Database) -> None:
    async with database.read() as session:
        session.add(Workspace(id=1, name="x", created_at=0))
        await session.commit()


async def test_a_locked_database_answers_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has no lock on the whole database")
    await database.run(_insert(1))
    await database.run(_set_timeout(100))
    intruder = sqlite3.connect(database.url.removeprefix("sqlite:///"))
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="Nothing was accepted"):
        await database.run(_insert(2))
    intruder.rollback()
    intruder.close()
    assert await database.run(_insert(2)) == [2]


def _set_timeout(milliseconds: int) -> Transaction[None]:
    yield Sql(f"PRAGMA busy_timeout={milliseconds}")


async def test_migrating_twice_does_nothing_the_second_time(database_url: str) -> None:
    assert await migrate(database_url) is False


async def test_a_row_that_somebody_holds_makes_calm_and_hot_paths_busy_on_postgres(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite is held whole; see the test above")
    await database.run(_insert(1))
    async with database.write() as holder:
        (await holder.get_one(Workspace, 1)).name = "held"
        await holder.flush()
        with pytest.raises(Busy):
            await database.run(_rename_hastily(1))


def _rename_hastily(number: int) -> Transaction[None]:
    yield Sql("SET LOCAL lock_timeout = '50ms'")
    yield Sql("UPDATE workspace SET name = 'hot' WHERE id = $1", (number,))


async def test_a_hot_statement_is_planned_once_on_postgres(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite keeps its plans with its statements")
    assert await database.ask(_plans_of_one_update(times=7)) == (7, 0)


def _plans_of_one_update(times: int) -> Transaction[tuple[int, int]]:
    for _ in range(times):
        yield Sql("UPDATE workspace SET name = name WHERE id = ANY($1::int[])", ([1],))
    rows = yield Sql(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements "
        "WHERE statement LIKE 'UPDATE workspace%'"
    )
    return tuple(rows[0])


async def test_a_database_that_went_away_is_busy_and_then_there_again_on_postgres(
    database: Database,
) -> None:
    if database.is_sqlite:
        pytest.skip("a file does not go away")
    await database.run(_insert(1))
    async with database.read() as session:
        await session.get(Workspace, 1)
    await _end_every_connection(database)
    tries = [await _calm(database) and await _hot(database) for _ in range(10)]
    assert tries[-1]


@pytest.mark.parametrize(("state", "problem"), [("53100", StorageFull), ("58030", StorageFailing)])
async def test_a_disk_that_is_full_or_fails_is_named_on_postgres(
    database: Database, state: str, problem: type[Busy]
) -> None:
    """What a full disk does to SQLite is proved in tests/recovery/test_storage.py."""
    if database.is_sqlite:
        pytest.skip("a server tells its troubles by number")
    complaint = f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{state}'; END $$"

    def complain() -> Transaction[None]:
        yield Sql(complaint)

    with pytest.raises(problem):
        await database.run(complain())
    with pytest.raises(problem):
        await database.prove_storage()
    with pytest.raises(problem):
        async with database.write() as session:
            await session.exec(text(complaint))  # type: ignore[call-overload]


async def _end_every_connection(database: Database) -> None:
    killer = await asyncpg.connect(database.url)
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await killer.close()


async def _calm(database: Database) -> bool:
    try:
        async with database.read() as session:
            return await session.get(Workspace, 1) is not None
    except Busy:
        return False


async def _hot(database: Database) -> bool:
    try:
        await database.run(_insert(2))
    except Busy:
        return False
    return True


async def test_of_two_transactions_that_cross_one_is_told_so(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's writers stand in one line")
    await database.run(_insert(1, 2))
    answers = await asyncio.gather(
        database.run(_rename_both(1, 2)), database.run(_rename_both(2, 1)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Crossed", "NoneType"]


def _rename_both(first: int, second: int) -> Transaction[None]:
    yield Sql("UPDATE workspace SET name = 'a' WHERE id = $1", (first,))
    yield Sql("SELECT pg_sleep(0.3)")
    yield Sql("UPDATE workspace SET name = 'b' WHERE id = $1", (second,))


def _together(*ids: int) -> Transaction[list[list[tuple[object, ...]]]]:
    rows = [(number, f"shop {number}", "UTC", "EUR", "en", 0) for number in ids]
    answers = yield Together(
        [
            Updates("workspace", ("id",), ("name",), ("int", "text"), [(1, "One")], "id"),
            Rows("workspace", _COLUMNS, _TYPES, rows, "ON CONFLICT DO NOTHING", returning="id"),
            Deletes("workspace", ("id",), ("int",), []),
            Sql("SELECT max(name) FROM workspace WHERE id < $1", (2,)),
            Deletes("workspace", ("id",), ("int",), [(2,)]),
        ]
    )
    return [[tuple(str(value) for value in row) for row in answer] for answer in answers]


async def test_statements_told_together_answer_each_for_itself(database: Database) -> None:
    await database.run(_insert(1, 2))
    answers = await database.run(_together(3, 4, 1))
    assert [answers[0], sorted(answers[1]), answers[2], answers[4]] == [
        [("1",)], [("3",), ("4",)], [], []
    ]  # fmt: skip
    rows = await database.fetch(Sql("SELECT id, name FROM workspace ORDER BY id"))
    assert [tuple(row) for row in rows] == [(1, "One"), (3, "shop 3"), (4, "shop 4")]
    assert await database.run(_together()) == [[("1",)], [], [], [("One",)], []]


async def test_many_statements_without_rows_ask_nothing(database: Database) -> None:
    def empty() -> Transaction[list[object]]:
        return (yield Together([Deletes("workspace", ("id",), ("int",), [])]))

    assert await database.run(empty()) == [[]]


def _alone_then(fails: bool) -> Transaction[None]:
    yield Alone(Rows("workspace", _COLUMNS, _TYPES, [(1, "a", "UTC", "EUR", "en", 0)]))
    yield from _insert(2)
    if fails:
        raise ValueError("after the second")


async def test_a_first_statement_told_alone_is_good_without_the_rest(database: Database) -> None:
    with pytest.raises(ValueError, match="after the second"):
        await database.run(_alone_then(fails=True))
    rows = await database.fetch(Sql("SELECT id FROM workspace"))
    assert [row[0] for row in rows] == ([] if database.is_sqlite else [1])


async def test_what_is_seen_first_is_on_the_disk_when_the_answer_comes(database: Database) -> None:
    """Others find it when they are told, and PostgreSQL has flushed its log past it by the end."""
    if database.is_sqlite:
        pytest.skip("SQLite shows nothing before its disk has it")
    seen: list[asyncio.Task[list[Row]]] = []

    def look() -> None:
        seen.append(asyncio.create_task(database.fetch(Sql("SELECT count(*) FROM workspace"))))

    for number in range(1, 6):
        async with _flushes(database):
            assert await database.run(_shown_first(number, look)) == [number]
    found = [(await looking)[0][0] for looking in seen]
    assert all(number >= least for least, number in enumerate(found, 1))


@asynccontextmanager
async def _flushes(database: Database) -> AsyncIterator[None]:
    """PostgreSQL flushes by itself, too, now and then, so this is to be asked more than once."""
    before = (await database.fetch(Sql("SELECT pg_current_wal_insert_lsn()")))[0][0]
    yield
    flushed = (await database.fetch(Sql("SELECT pg_current_wal_flush_lsn()")))[0][0]
    assert flushed > before


async def test_who_only_looked_may_still_wait_for_the_disk(database: Database) -> None:
    if database.is_sqlite:
        assert await database.run(_only_looked()) == []
        return
    for _ in range(5):
        async with _flushes(database):
            await database.run(_only_looked())


def _only_looked() -> Transaction[list[Row]]:
    found = yield Sql("SELECT id FROM workspace")
    yield Flush()
    return found


def _shown_first(number: int, look: Callable[[], None]) -> Transaction[list[int]]:
    row = (number, "a", "UTC", "EUR", "en", 0)
    inserted = yield Alone(Rows("workspace", _COLUMNS, _TYPES, [row], returning="id"), look)
    return [each[0] for each in inserted]


def _whole_else(renamed: int, missing: int) -> Transaction[str]:
    """Rename one shop and open two, unless there is one of this number; else say so in its name."""
    rows = [(number, f"shop {number}", "UTC", "EUR", "en", 0) for number in (2, 3)]
    parts: list[Sql | Batch] = [
        Updates("workspace", ("id",), ("name",), ("int", "text"), [(renamed, "New")], "id"),
        Rows("workspace", _COLUMNS, _TYPES, rows, "ON CONFLICT DO NOTHING", returning="id"),
        Deletes("workspace", ("id",), ("int",), []),
        Sql("SELECT min(name) FROM workspace WHERE id = $1", (missing,)),
    ]
    if (yield Whole(lambda: parts)):
        return "at once"
    yield Sql("UPDATE workspace SET name = 'step by step'")
    return "step by step"


async def test_what_is_told_whole_is_written_at_once(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite does not try: its journeys are short")
    await database.run(_insert(1))
    assert await database.run(_whole_else(1, missing=9)) == "at once"
    rows = await database.fetch(Sql("SELECT id, name FROM workspace ORDER BY id"))
    assert [tuple(row) for row in rows] == [(1, "New"), (2, "shop 2"), (3, "shop 3")]


@pytest.mark.parametrize(
    ("there", "renamed", "missing"),
    [((1,), 8, 9), ((1, 3), 1, 9), ((1,), 1, 1)],
    ids=["a row is gone", "a row is there already", "a question has an answer"],
)
async def test_of_what_is_told_whole_nothing_stands_where_a_part_does_not_hold(
    database: Database, there: tuple[int, ...], renamed: int, missing: int
) -> None:
    await database.run(_insert(*there))
    assert await database.run(_whole_else(renamed, missing)) == "step by step"
    rows = await database.fetch(Sql("SELECT id, name FROM workspace ORDER BY id"))
    assert [tuple(row) for row in rows] == [(number, "step by step") for number in there]
