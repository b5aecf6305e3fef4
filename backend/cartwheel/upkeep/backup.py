"""A copy of a running installation, as it was at one moment.

SQLite is copied by `VACUUM INTO` on a connection that only reads: writers go on meanwhile, and the
copy is the book as of the moment it began. PostgreSQL is copied by its own `pg_dump`.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg

from cartwheel.clock import rfc3339, to_ms
from cartwheel.connections.vault import find_secret_key, key_id
from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings
from cartwheel.upkeep.archive import FORMAT, Manifest, checksum, write_archive
from cartwheel.upkeep.postgres_programs import run_program


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    file: Path
    size_bytes: int
    holds_key: bool
    key_source: str


async def make_backup(settings: Settings, file: Path, *, with_key: bool, force: bool) -> Backup:
    """Copy the installation to `file`, which appears whole or not at all. Raises `CommandRefused`.

    The key stays out unless asked for: with it, whoever has the file has every secret in it.
    """
    if file.exists() and not force:
        raise CommandRefused(f"{file} is there already. Choose another name, or add --force.")
    key = find_secret_key(settings)
    if key is None and with_key:
        raise CommandRefused(f"There is no key in {settings.data.root} to put into the backup.")
    with (
        _writing(file),
        tempfile.TemporaryDirectory(prefix=".cartwheel-backup-", dir=file.parent) as folder,
    ):
        copy, archive = Path(folder) / "database", Path(folder) / "archive"
        revision = await _copy_database(settings, copy)
        manifest = Manifest(
            format=FORMAT,
            made_at=rfc3339(to_ms(datetime.now(UTC))),
            cartwheel=version("cartwheel"),
            revision=revision,
            database="sqlite" if settings.is_sqlite else "postgresql",
            key_id=key_id(key) if key else None,
            sha256=checksum(copy),
        )
        write_archive(archive, manifest, copy, _key_text(settings) if with_key else None)
        _put_in_place(archive, file, force=force)
    return Backup(file, file.stat().st_size, with_key, _key_source(settings))


async def _copy_database(settings: Settings, copy: Path) -> str:
    """Copy it and tell its revision."""
    if settings.is_sqlite:
        return _copy_sqlite(settings.database_url.removeprefix("sqlite:///"), copy)
    run_program("pg_dump", settings.database_url, "--format=custom", "--compress=0",
                "--no-owner", "--no-privileges", f"--file={copy}")  # fmt: skip
    connection = await asyncpg.connect(settings.database_url)
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))
    finally:
        await connection.close()


def _copy_sqlite(path: str, copy: Path) -> str:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0])


def _key_text(settings: Settings) -> str:
    return (settings.secret_key or settings.data.secret_key.read_text()).strip() + "\n"


def _key_source(settings: Settings) -> str:
    return "CARTWHEEL_SECRET_KEY" if settings.secret_key else str(settings.data.secret_key)


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except ConnectionError:
        raise  # The database's.
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandRefused(f"{file} cannot be written: {reason}.") from error


def _put_in_place(archive: Path, file: Path, *, force: bool) -> None:
    """Linking never overwrites what somebody put there meanwhile."""
    place: Callable[[Path, Path], None] = os.replace if force else os.link
    try:
        place(archive, file)
    except FileExistsError:
        raise CommandRefused(f"{file} is there already. Choose another name.") from None
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
