"""The first workspace and its owner, and the sweeping-up of what has run out."""

from cartwheel.accounts.models import Role
from cartwheel.accounts.throttle import TABLE_KEEPS_MS
from cartwheel.accounts.tokens import add_token
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.statements import Sql, Transaction

FIRST_WORKSPACE = 1


async def ensure_owner(database: Database) -> bool:
    """Create workspace 1 and its owner where there is none; True when it was done.

    Two processes may start at once: the workspace's row decides which of them does it.
    """
    return await database.run(_create_owner())


async def create_token(database: Database, name: str) -> str:
    """A new API token for the first workspace, as the command line prints it."""
    _, token = await add_token(database, FIRST_WORKSPACE, name)
    return token


async def sweep(database: Database) -> None:
    """Delete sessions and links that ran out, and old counts of failed sign-ins."""
    await database.run(_sweep(now_ms()))


def _create_owner() -> Transaction[bool]:
    now = now_ms()
    created = yield Sql(
        "INSERT INTO workspace (id, name, timezone, currency, locale, created_at)"
        " VALUES ($1, 'My shop', 'UTC', 'EUR', 'en', $2) ON CONFLICT (id) DO NOTHING RETURNING id",
        (FIRST_WORKSPACE, now),
    )
    if not created:
        return False
    yield Sql(
        "INSERT INTO person (workspace_id, id, name, role, created_at) VALUES ($1, $2, '', $3, $4)",
        (FIRST_WORKSPACE, new_id(), Role.OWNER.value, now),
    )
    return True


def _sweep(now: int) -> Transaction[None]:
    yield Sql("DELETE FROM session WHERE expires_at < $1", (now,))
    yield Sql("DELETE FROM login_link WHERE expires_at < $1", (now,))
    yield Sql("DELETE FROM login_throttle WHERE updated_at < $1", (now - TABLE_KEEPS_MS,))
