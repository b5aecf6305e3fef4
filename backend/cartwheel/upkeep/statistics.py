"""Keeps PostgreSQL's picture of tables that grow fast.

A plan made while its tables were almost empty may go by the wrong index, and every connection keeps
it, those of foreign keys included: 5,000 runs later each row that is written costs milliseconds.
New statistics throw such plans away. Autovacuum brings them too, but only after a minute or more.
"""

import asyncio
import logging

from cartwheel.database import Database
from cartwheel.errors import Busy
from cartwheel.statements import Sql, Transaction

LOOK_EVERY_SECONDS = 2.0
_OUTGROWN = Sql(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'r' AND n.nspname = current_schema() "
    "AND pg_relation_size(c.oid) > 4 * 8192 * greatest(c.relpages, 2)"
)
"""Tables of four times the size that PostgreSQL knows them by."""

_log = logging.getLogger(__name__)


async def keep_statistics(database: Database) -> None:
    """Look again and again; SQLite needs none of it."""
    while not database.is_sqlite:
        try:
            await database.run(renew_statistics())
        except Busy:
            pass  # Said by everything else that needs the database.
        except Exception:  # noqa: BLE001  (plans may stay as they are; runs go on)
            _log.exception("statistics could not be renewed")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def renew_statistics() -> Transaction[list[str]]:
    """Have tables looked at that grew; returns their names. Another worker may be at it already."""
    outgrown = [row[0] for row in (yield _OUTGROWN)]
    for table in outgrown:
        yield Sql(f'ANALYZE (SKIP_LOCKED) "{table}"')
    return outgrown
