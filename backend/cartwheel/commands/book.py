"""Opening the database for a command, with a plain sentence for everything that can be wrong."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from cartwheel.catalog.documents import BadDocument
from cartwheel.connections.vault import BadSecretKey
from cartwheel.database import Database
from cartwheel.errors import CommandRefused, Problem
from cartwheel.revision import newest_revision, refuse_newer
from cartwheel.settings import Settings
from cartwheel.statements import Sql

_SPOKEN = (BadDocument, BadSecretKey)


@asynccontextmanager
async def open_book(settings: Settings) -> AsyncIterator[Database]:
    """The installation's database at this code's schema. Raises `CommandRefused`."""
    refuse_where_nothing_is(settings)
    with plain_words(settings):
        database = await Database.open(settings.database_url)
        try:
            await check_schema(database)
            yield database
        finally:
            await database.close()


def refuse_where_nothing_is(settings: Settings) -> None:
    """Raises `CommandRefused` where there is no installation."""
    if settings.is_sqlite and not _is_there(settings):
        raise CommandRefused(
            f"There is no Cartwheel in {settings.data.root} yet. Start it once with "
            "'cartwheel up', or name its folder with --data."
        )


def _is_there(settings: Settings) -> bool:
    own = settings.database_url == f"sqlite:///{settings.data.database}"
    return not own or settings.data.database.is_file()


async def check_schema(database: Database) -> None:
    """Raises `CommandRefused` unless the schema is the one we know."""
    try:
        rows = await database.fetch(Sql("SELECT version_num FROM alembic_version"))
    except (sqlite3.OperationalError, asyncpg.UndefinedTableError):
        rows = []
    found = str(rows[0][0]) if rows else None
    refuse_newer(found)
    if found != newest_revision():
        raise CommandRefused("The database is not up to date. Run 'cartwheel migrate' first.")


@contextmanager
def plain_words(settings: Settings) -> Iterator[None]:
    """Turns what is known to go wrong into a `CommandRefused`; our bugs stay loud."""
    try:
        yield
    except Problem as problem:
        raise CommandRefused(problem.detail) from problem
    except _SPOKEN as error:
        raise CommandRefused(str(error)) from error
    except (OSError, asyncpg.PostgresError, sqlite3.Error) as error:
        where = settings.database_url.rpartition("@")[2]
        raise CommandRefused(
            f"The database at {where} cannot be used: {error}. Look whether it runs and whether "
            "CARTWHEEL_DATABASE_URL, or the data folder, is right."
        ) from error
