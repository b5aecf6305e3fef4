"""Which migration a database stands at, and which this code wants; standard library only.

The supervisor asks at every start, and must not pay for SQLAlchemy to learn that all is well.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from cartwheel.errors import CommandRefused
from cartwheel.paths import migrations_folder


class DatabaseIsNewer(CommandRefused):
    """The database was written by a newer Cartwheel; the message says so."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The database was brought to version {found} by a newer Cartwheel; this one knows "
            f"versions up to {known}. Start the newer Cartwheel, or restore a backup from before."
        )


def newest_revision(folder: Path | None = None) -> str:
    """The last migration's revision, by file name (`0007_words.py` is `0007`)."""
    versions = (folder or migrations_folder()) / "versions"
    return max(path.name.split("_")[0] for path in versions.glob("[0-9]*.py"))


def refuse_newer(found: str | None) -> None:
    """Raises `DatabaseIsNewer` where `found` is a revision that this code does not have yet."""
    known = newest_revision()
    if found is not None and found > known:
        raise DatabaseIsNewer(found, known)


def sqlite_revision(path: Path) -> str | None:
    """The revision of a SQLite database, or None where there is no database or no table yet."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=4)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None  # Migrating says what is wrong with it.
    return str(row[0]) if row else None
