"""Which migration a database stands at, and which this code wants; standard library only.

The supervisor asks at every start, and must not pay for SQLAlchemy to learn that all is well.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from cartwheel.errors import CommandRefused
from cartwheel.paths import migrations_folder

_NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"', re.MULTILINE)


class DatabaseIsNewer(CommandRefused):
    """The database was written by a newer Cartwheel; the message says so."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The database was brought to version {found} by a newer Cartwheel; this one knows "
            f"versions up to {known}. Start the newer Cartwheel, or restore a backup from before."
        )


def newest_revision(folder: Path | None = None) -> str:
    """The revision at the end of the chain of migrations: the one that no other builds on.

    The chain counts, not the numbers: they say only in which order migrations were begun.
    """
    chain = _chain(folder or migrations_folder())
    return max(chain.keys() - chain.values())


def knows_revision(found: str) -> bool:
    """Whether this code has the migration that leads to revision `found`."""
    return found in _chain(migrations_folder())


def refuse_newer(found: str | None) -> None:
    """Raises `DatabaseIsNewer` where `found` is a revision that this code does not have yet."""
    if found is not None and not knows_revision(found):
        raise DatabaseIsNewer(found, newest_revision())


def _chain(folder: Path) -> dict[str, str | None]:
    """Each revision and the one it builds on, read without running the migrations."""
    texts = [path.read_text("utf-8") for path in (folder / "versions").glob("[0-9]*.py")]
    named = [dict(_NAMED.findall(text)) for text in texts]
    return {each["revision"]: each.get("down_revision") for each in named}


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
