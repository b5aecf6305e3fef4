"""Bringing a database to this version's schema.

The revision is read with plain SQL first, so that a warm start does not pay for importing Alembic.
"""

import importlib
import sqlite3
from pathlib import Path

import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from cartwheel.paths import migrations_folder
from cartwheel.revision import newest_revision, refuse_newer

_DOMAINS = (
    "accounts", "connections", "events", "workflows", "runs", "outbox", "schedules", "approvals",
    "batches", "records", "proofs", "notices",
)  # fmt: skip


def metadata() -> sqlalchemy.MetaData:
    """Every table of every domain. Found by name: this module stands below the domains."""
    for domain in _DOMAINS:
        importlib.import_module(f"cartwheel.{domain}.models")
    sqlmodel = importlib.import_module("sqlmodel")
    tables: sqlalchemy.MetaData = sqlmodel.SQLModel.metadata
    return tables


async def migrate(url: str) -> bool:
    """Bring the database at `url` up to date; True when anything was done.

    Raises `DatabaseIsNewer` where this code does not know the database's revision.
    """
    if url.startswith("sqlite"):
        _prepare_sqlite(url.removeprefix("sqlite:///"))
    engine = create_async_engine(_async_url(url))
    try:
        async with engine.begin() as connection:
            found = await connection.run_sync(_revision)
            if found == newest_revision():
                return False
            refuse_newer(found)
            await connection.run_sync(_upgrade)
            return True
    finally:
        await engine.dispose()


def _async_url(url: str) -> str:
    return url.replace("sqlite://", "sqlite+aiosqlite://", 1).replace(
        "postgresql://", "postgresql+asyncpg://", 1
    )


def _prepare_sqlite(path: str) -> None:
    """Create the file with write-ahead logging, which is a property of the file."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    Path(path).chmod(0o600)


def _revision(connection: sqlalchemy.Connection) -> str | None:
    if not sqlalchemy.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def _upgrade(connection: sqlalchemy.Connection) -> None:
    """Two processes may start at once: on PostgreSQL the second waits here for the first."""
    command = importlib.import_module("alembic.command")
    config = importlib.import_module("alembic.config").Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(7220061117)"))
    command.upgrade(config, "head")
