"""Keeps PostgreSQL's picture of tables that grow fast.

A plan made while its tables were almost empty may go by the wrong index, and every connection keeps
it, those of foreign keys included: 5,000 runs later each row that is written costs milliseconds.
New statistics throw such plans away. Autovacuum brings them too, but only after a minute or more.
"""

from cartwheel.database import Database
from cartwheel.rounds import go_rounds
from cartwheel.statements import Sql, Transaction

LOOK_EVERY_SECONDS = 2.0
_OUTGROWN = Sql(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'r' AND n.nspname = current_schema() "
    "AND pg_relation_size(c.oid) > 4 * 8192 * greatest(c.relpages, 2)"
)
"""Tables of four times the size that PostgreSQL knows them by."""


async def keep_statistics(database: Database) -> None:
    """Look again and again; SQLite needs none of it."""
    if not database.is_sqlite:
        await go_rounds(
            lambda: database.run(renew_statistics()), LOOK_EVERY_SECONDS, "the look at statistics"
        )


def renew_statistics() -> Transaction[list[str]]:
    """Have tables looked at that grew; returns their names. Another worker may be at it already."""
    outgrown = [row[0] for row in (yield _OUTGROWN)]
    for table in outgrown:
        yield Sql(f'ANALYZE (SKIP_LOCKED) "{table}"')
    return outgrown
