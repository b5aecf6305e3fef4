"""Statements of hot transactions, and how each database is told them.

A batch travels to PostgreSQL as one array per column (which allows ON CONFLICT, unlike COPY), and
to SQLite as one prepared statement played once per row.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Collection, Generator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg

from cartwheel.values import dataclass

Row = Sequence[Any]
T = TypeVar("T")

_NUMBER = re.compile(r"\$(\d+)")
_KNOWS_BYTES = sqlite3.sqlite_version_info >= (3, 43)
"""Older ones count a text's characters, which is near enough for whoever only weighs."""


@dataclass(frozen=True, slots=True)
class Sql:
    """One statement with PostgreSQL's placeholders (`$1`); both databases understand the rest."""

    text: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows for one table. `conflict` is an `ON CONFLICT …` clause.

    With `returning` (one of the columns) the answer holds that column of every row really inserted.
    `types` are PostgreSQL's array element types in the order of `columns`.
    """

    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Row]
    conflict: str = ""
    returning: str = ""


@dataclass(frozen=True, slots=True)
class Updates:
    """Many rows changed by key: each row holds the keys' values, then the columns'.

    The answer holds the key `returning` of every row that was there, so another key may double as
    a condition (a fence). `fixed` is SQL for columns that are the same for all rows, `only` one
    more condition on the old row. With `emptied` each row has one value more, which tells whether
    these columns become NULL in it.

    PostgreSQL locks the rows in the order of their keys: two that change the same rows, each in an
    order of its own, would wait for each other until one is refused, a second later.
    """

    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Row]
    returning: str
    fixed: str = ""
    emptied: tuple[str, ...] = ()
    only: str = "true"


@dataclass(frozen=True, slots=True)
class Deletes:
    """Many rows taken away by key."""

    table: str
    keys: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Row]


Batch = Rows | Updates | Deletes


@dataclass(frozen=True, slots=True)
class Together:
    """Statements that touch different rows and do not see each other's changes; PostgreSQL is told
    them as one, for each takes a journey there and back. A `SELECT` among them has one column.

    The answer holds the answer of each part, in order, values as text; that of a batch without
    rows is empty.
    """

    parts: Sequence[Sql | Batch]


@dataclass(frozen=True, slots=True)
class Alone:
    """The first statement of a transaction, good without what follows it, if anything does:
    PostgreSQL commits it by itself, which spares two journeys there and back.

    With `when_seen`, PostgreSQL lets others see it before its disk has it, and calls that: they may
    work on what they see, as whatever they commit is on the disk behind it. The answer still comes
    when it is on the disk. SQLite does not call.
    """

    statement: Sql | Batch
    when_seen: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The first statement of a transaction: what all goes well for nearly every time, to be tried
    before it is done step by step. PostgreSQL is told the parts as one and commits them by itself,
    if each key that shall answer does and no question has an answer; else nothing is written.

    The answer holds a row if this was written, and nothing more is to be done. SQLite does not try:
    its journeys are short. So the parts are made when they are asked for.
    """

    parts: Callable[[], Sequence[Sql | Batch]]


@dataclass(frozen=True, slots=True)
class Flush:
    """What this transaction saw is on the disk when it ends, even if it changed nothing: others may
    have shown it before (`Alone.when_seen`). On SQLite nothing is seen earlier."""


Statement = Sql | Batch | Together | Alone | Whole | Flush
Transaction = Generator[Statement, list[Any], T]


def marks(first: int, values: Collection[Any]) -> str:
    """Placeholders for a list of values, `$first` and those after it."""
    return ", ".join(f"${number}" for number in range(first, first + len(values)))


def execute_sqlite(connection: sqlite3.Connection, statement: Statement) -> list[Any]:
    """Play one statement on an open SQLite transaction."""
    if isinstance(statement, Whole | Flush):
        return []
    if isinstance(statement, Together):
        return [execute_sqlite(connection, part) for part in statement.parts]
    if isinstance(statement, Alone):
        statement = statement.statement
    if isinstance(statement, Sql):
        return connection.execute(numbered(statement.text), statement.args).fetchall()
    if not statement.rows:
        return []
    text = _sqlite_batch(statement)
    if isinstance(statement, Deletes) or not statement.returning:
        connection.executemany(text, statement.rows)
        return []
    names = statement.keys if isinstance(statement, Updates) else statement.columns
    place = names.index(statement.returning)
    # Counting is cheaper than RETURNING, which builds a table of its own for each row.
    return [(row[place],) for row in statement.rows if connection.execute(text, row).rowcount]


async def execute_postgres(connection: Any, statement: Statement) -> list[Any]:
    """Play one statement on an open asyncpg transaction."""
    if isinstance(statement, Whole):
        return await _execute_whole(connection, statement.parts())
    if isinstance(statement, Flush):
        return list(await connection.fetch(_FLUSHED))
    if isinstance(statement, Together):
        return await _execute_together(connection, statement.parts)
    if isinstance(statement, Alone):
        if statement.when_seen:
            return await _execute_seen_first(connection, statement.statement, statement.when_seen)
        statement = statement.statement
    if not isinstance(statement, Sql) and not statement.rows:
        return []
    return list(await connection.fetch(_postgres_text(statement), *_postgres_args(statement)))


_FLUSHED = "SELECT pg_logical_emit_message(true, 'cartwheel', '')"
"""Commits something that changes nothing, so that all that was committed before it is on the disk
(and on the replicas that are waited for). Not `pg_current_xact_id()`: a transaction that wrote
nothing waits for nothing (`RecordTransactionCommit` in PostgreSQL's `xact.c`)."""


async def _execute_seen_first(
    connection: Any, statement: Sql | Batch, when_seen: Callable[[], None]
) -> list[Row]:
    text = _postgres_seen_first(_postgres_text(statement))
    rows = list(await connection.fetch(text, *_postgres_args(statement)))
    when_seen()
    await asyncio.sleep(0)  # Whoever was told goes first.
    await connection.fetch(_FLUSHED)
    return rows


@lru_cache(maxsize=16)
def _postgres_seen_first(text: str) -> str:
    """A statement whose commit does not wait for the disk, whatever the server's setting."""
    return (
        f"WITH stated(answer) AS ({text}) SELECT answer FROM stated UNION ALL "  # noqa: S608
        "SELECT NULL WHERE set_config('synchronous_commit', 'off', true) IS NULL"
    )


async def _execute_together(connection: Any, parts: Sequence[Sql | Batch]) -> list[list[Row]]:
    answers: list[list[Row]] = [[] for _ in parts]
    asked = [n for n, part in enumerate(parts) if isinstance(part, Sql) or part.rows]
    if not asked:
        return answers
    text = _postgres_as_one(tuple(_postgres_text(parts[n]) for n in asked))
    args = [each for n in asked for each in _postgres_args(parts[n])]
    for place, value in await connection.fetch(text, *args):
        answers[asked[place]].append((value,))
    return answers


async def _execute_whole(connection: Any, parts: Sequence[Sql | Batch]) -> list[Row]:
    asked = [part for part in parts if isinstance(part, Sql) or part.rows]
    text = _postgres_all_or_nothing(tuple(_postgres_text(part) for part in asked))
    args = [each for part in asked for each in _postgres_args(part)]
    try:
        return list(await connection.fetch(text, *args))
    except (asyncpg.DivisionByZeroError, asyncpg.IntegrityConstraintViolationError):
        return []


@lru_cache(maxsize=256)
def _postgres_as_one(texts: tuple[str, ...]) -> str:
    """Statements as one: their answers as rows (place of the statement, value)."""
    answers = ["SELECT 0, NULL WHERE false"]
    for place, text in enumerate(texts):
        if _does_answer(text):
            answers.append(f"SELECT {place}, answer::text FROM part{place}")  # noqa: S608
    return f"{_with(texts)[0]} {' UNION ALL '.join(answers)}"


@lru_cache(maxsize=256)
def _postgres_all_or_nothing(texts: tuple[str, ...]) -> str:
    """Statements as one that fails, and so undoes itself, if a batch answers with fewer keys than
    it was given, or a question with anything."""
    start, firsts = _with(texts)
    holds = ["true"]
    for place, text in enumerate(texts):
        found = f"(SELECT count(answer) FROM part{place}) = "  # noqa: S608
        if text.startswith("SELECT"):
            holds.append(f"{found}0")
        elif _does_answer(text):
            holds.append(f"{found}cardinality(${firsts[place]})")
    return f"{start} SELECT 1 / CASE WHEN {' AND '.join(holds)} THEN 1 ELSE 0 END"


def _with(texts: Sequence[str]) -> tuple[str, list[int]]:
    """Statements as the parts of one, and the number of the first placeholder of each."""
    parts: list[str] = []
    firsts: list[int] = []
    before = 0
    for place, text in enumerate(texts):
        numbers = [int(number) for number in _NUMBER.findall(text)]
        moved = _NUMBER.sub(lambda found, by=before: f"${int(found[1]) + by}", text)  # type: ignore[misc]
        firsts.append(before + 1)
        before += max(numbers, default=0)
        parts.append(f"part{place}{'(answer)' if _does_answer(text) else ''} AS ({moved})")
    return f"WITH {', '.join(parts)}", firsts


def _does_answer(text: str) -> bool:
    return text.startswith("SELECT") or " RETURNING " in text


def _postgres_text(statement: Sql | Batch) -> str:
    return statement.text if isinstance(statement, Sql) else _postgres_batch(statement)


def _postgres_args(statement: Sql | Batch) -> Sequence[Any]:
    if isinstance(statement, Sql):
        return statement.args
    rows = statement.rows
    if isinstance(statement, Updates):
        rows = sorted(rows, key=lambda row: tuple(row[:2]))  # Workspace and id tell them apart.
    return [list(column) for column in zip(*rows, strict=True)]


def _sqlite_batch(statement: Batch) -> str:
    match statement:
        case Deletes(table, keys):
            return _sqlite_delete(table, keys)
        case Updates(table, keys, columns, _, _, _, fixed, emptied, only):
            return _sqlite_update(table, keys, columns, fixed, emptied, only)
        case Rows(table, columns, _, _, conflict):
            return _sqlite_insert(table, columns, conflict)


def _postgres_batch(statement: Batch) -> str:
    match statement:
        case Deletes(table, keys, types):
            return _postgres_delete(table, keys, types)
        case Updates(table, keys, columns, types, _, returning, fixed, emptied, only):
            return _postgres_update(table, keys, columns, types, fixed, emptied, only, returning)
        case Rows(table, columns, types, _, conflict, returning):
            return _postgres_insert(table, columns, types, conflict, returning)


@lru_cache(maxsize=512)
def numbered(text: str) -> str:
    """PostgreSQL's `$1` as SQLite's `?1`; row locks go, as SQLite has one writer anyway."""
    plain = _NUMBER.sub(r"?\1", text).replace("FOR UPDATE SKIP LOCKED", "")
    return plain if _KNOWS_BYTES else plain.replace("octet_length(", "length(")


@lru_cache(maxsize=128)
def _sqlite_insert(table: str, columns: tuple[str, ...], conflict: str) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {conflict}"  # noqa: S608


@lru_cache(maxsize=128)
def _postgres_insert(
    table: str, columns: tuple[str, ...], types: tuple[str, ...], conflict: str, returning: str
) -> str:
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 1))
    tail = f" RETURNING {returning}" if returning else ""
    into = f"{table} ({', '.join(columns)})"
    return f"INSERT INTO {into} SELECT * FROM unnest({arrays}) {conflict}{tail}"  # noqa: S608


@lru_cache(maxsize=64)
def _sqlite_update(
    table: str,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    fixed: str,
    emptied: tuple[str, ...],
    only: str,
) -> str:
    places = [f"{name} = ?{place}" for place, name in enumerate((*keys, *columns), 1)]
    flag = f"?{len(places) + 1}"
    empties = [f"{c} = CASE WHEN {flag} THEN NULL ELSE {c} END" for c in emptied]
    changes = ", ".join([*places[len(keys) :], *empties, *([fixed] if fixed else [])])
    where = " AND ".join([*places[: len(keys)], only])
    return f"UPDATE {table} SET {changes} WHERE {where}"  # noqa: S608


@lru_cache(maxsize=64)
def _postgres_update(
    table: str,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    types: tuple[str, ...],
    fixed: str,
    emptied: tuple[str, ...],
    only: str,
    returning: str,
) -> str:
    empties = [f"{c} = CASE WHEN given.is_empty THEN NULL ELSE {table}.{c} END" for c in emptied]
    given = [f"{c} = given.{c}" for c in columns]
    changes = ", ".join([*given, *empties, *([fixed] if fixed else [])])
    names = keys + columns + (("is_empty",) if emptied else ())
    where = " AND ".join([*(f"{table}.{key} = given.{key}" for key in keys), only])
    return (
        f"UPDATE {table} SET {changes} FROM {_given(names, types)} "  # noqa: S608
        f"WHERE {where} RETURNING {table}.{returning}"
    )


@lru_cache(maxsize=16)
def _sqlite_delete(table: str, keys: tuple[str, ...]) -> str:
    return f"DELETE FROM {table} WHERE {' AND '.join(f'{key} = ?' for key in keys)}"  # noqa: S608


@lru_cache(maxsize=16)
def _postgres_delete(table: str, keys: tuple[str, ...], types: tuple[str, ...]) -> str:
    where = " AND ".join(f"{table}.{key} = given.{key}" for key in keys)
    return f"DELETE FROM {table} USING {_given(keys, types)} WHERE {where}"  # noqa: S608


def _given(names: tuple[str, ...], types: tuple[str, ...]) -> str:
    """The batch's arrays as a table named `given`."""
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 1))
    return f"unnest({arrays}) AS given({', '.join(names)})"
