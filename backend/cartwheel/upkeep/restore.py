"""An installation out of a backup, in a place where there is none.

Everything is checked before anything is put in place. What was in hand when the copy was made is
let go of, so that a worker takes it up at once and no run is suspected of having stopped one: steps
that were recorded stay done, and what came after them is attempted again under the same keys.
"""

import os
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from cartwheel.connections.vault import decode_key, find_secret_key, key_id
from cartwheel.errors import CommandRefused
from cartwheel.revision import knows_revision, newest_revision
from cartwheel.settings import Settings
from cartwheel.upkeep.archive import Archive, Manifest, open_archive
from cartwheel.upkeep.postgres_programs import run_program

_LET_GO = "UPDATE run SET lease_by = NULL, lease_until = NULL WHERE lease_until IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and whether the connections' secrets can be read."""

    made_at: str
    key_is_there: bool
    needs_migration: bool


async def restore_backup(settings: Settings, file: Path) -> Restored:
    """Put the backup in `file` where `settings` point. Raises `CommandRefused`."""
    with open_archive(file) as archive:
        manifest = archive.manifest()
        _check_version(manifest)
        _check_kind(manifest, settings)
        key = _key_to_write(archive, manifest, settings)
        if settings.is_sqlite:
            _restore_sqlite(archive, manifest, settings)
        else:
            await _restore_postgres(archive, manifest, settings)
        if key is not None:
            _write_key(settings.data.secret_key, key)
    return Restored(
        manifest.made_at,
        key_is_there=key is not None or _known_key_id(settings) == manifest.key_id,
        needs_migration=manifest.revision != newest_revision(),
    )


# --- may it be restored here? ---


def _check_version(manifest: Manifest) -> None:
    if not knows_revision(manifest.revision):
        raise CommandRefused(
            f"This backup was made by a newer Cartwheel ({manifest.cartwheel}, database version "
            f"{manifest.revision}); this one knows versions up to {newest_revision()}. "
            "Restore it with the newer one."
        )


def _check_kind(manifest: Manifest, settings: Settings) -> None:
    if manifest.database == "postgresql" and settings.is_sqlite:
        raise CommandRefused(
            "This backup is of a PostgreSQL database. Name an empty one in CARTWHEEL_DATABASE_URL."
        )
    if manifest.database == "sqlite" and not settings.is_sqlite:
        raise CommandRefused(
            "This backup is of a SQLite database. Restore it without CARTWHEEL_DATABASE_URL."
        )


def _key_to_write(archive: Archive, manifest: Manifest, settings: Settings) -> str | None:
    """The backup's key, unless it is here already. Another one is never overwritten."""
    known, carried = _known_key_id(settings), archive.key()
    if manifest.key_id is not None and known not in {None, manifest.key_id}:
        where = "CARTWHEEL_SECRET_KEY" if settings.secret_key else str(settings.data.secret_key)
        raise CommandRefused(
            f"{where} holds another key than the one this backup's secrets need. Put that one "
            "there, or take this one away."
        )
    if carried is not None and key_id(decode_key(carried, "The backup")) != manifest.key_id:
        raise CommandRefused("The key in this backup is not the one its secrets need.")
    return carried if known is None else None


def _known_key_id(settings: Settings) -> str | None:
    """Which key this place has; asking makes none."""
    found = find_secret_key(settings)
    return None if found is None else key_id(found)


# --- putting it in place ---


def _restore_sqlite(archive: Archive, manifest: Manifest, settings: Settings) -> None:
    target = Path(settings.database_url.removeprefix("sqlite:///"))
    if target.exists():
        raise CommandRefused(
            f"There is a database at {target} already. Restore into an empty folder; nothing is "
            "ever overwritten."
        )
    with tempfile.TemporaryDirectory(prefix=".cartwheel-restore-", dir=target.parent) as folder:
        copy = Path(folder) / "database"
        archive.extract_database(copy, manifest.sha256)
        _prepare_sqlite(copy)
        copy.chmod(0o600)
        os.link(copy, target)
    _flush_folder(target.parent)


def _prepare_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        stray = connection.execute("PRAGMA foreign_key_check").fetchone()
        if found != "ok" or stray is not None:
            raise CommandRefused(
                f"The database in this backup is damaged ({found}). Use another backup."
            )
        connection.execute(_LET_GO)
        connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")


async def _restore_postgres(archive: Archive, manifest: Manifest, settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    try:
        await _refuse_unless_empty(connection)
        with tempfile.TemporaryDirectory(prefix="cartwheel-restore-") as folder:
            copy = Path(folder) / "database"
            archive.extract_database(copy, manifest.sha256)
            run_program("pg_restore", settings.database_url, "--no-owner", "--no-privileges",
                        "--single-transaction", "--exit-on-error", str(copy))  # fmt: skip
        await connection.execute(_LET_GO)
    finally:
        await connection.close()


async def _refuse_unless_empty(connection: "asyncpg.Connection") -> None:
    tables = await connection.fetchval(
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    )
    if tables:
        raise CommandRefused(
            "The database in CARTWHEEL_DATABASE_URL is not empty. Restore into a new one; "
            "nothing is ever overwritten."
        )


def _write_key(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
