"""Reading and writing connections for people who look after them; secrets are encrypted here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.clock import now_ms
from cartwheel.connections.choosing import SANDBOX
from cartwheel.connections.models import Connection, ConnectionSecret
from cartwheel.connections.vault import CannotDecrypt, Sealed, SecretPlace, Vault
from cartwheel.errors import NotFound
from cartwheel.statements import Sql, Transaction


async def list_connections(
    session: AsyncSession, workspace_id: int, after: str | None, limit: int
) -> Sequence[Connection]:
    """Connections by id, after the one with the id `after`."""
    query = select(Connection).where(
        Connection.workspace_id == workspace_id, col(Connection.deleted_at).is_(None)
    )
    if after:
        query = query.where(col(Connection.id) > after)
    return (await session.exec(query.order_by(col(Connection.id)).limit(limit))).all()


async def find_connection(
    session: AsyncSession, workspace_id: int, connection_id: str, *, locked: bool = False
) -> Connection:
    """One connection. Raises `NotFound`."""
    found = await session.get(
        Connection, (workspace_id, connection_id), with_for_update=locked or None
    )
    if found is None or found.deleted_at is not None:
        raise NotFound("There is no such connection here.")
    return found


async def secret_fields(
    session: AsyncSession, workspace_id: int, connection_ids: Iterable[str]
) -> Mapping[str, set[str]]:
    """Which secrets each connection has."""
    rows = await session.exec(
        select(ConnectionSecret.connection_id, ConnectionSecret.field).where(
            ConnectionSecret.workspace_id == workspace_id,
            col(ConnectionSecret.connection_id).in_(list(connection_ids)),
        )
    )
    found: dict[str, set[str]] = defaultdict(set)
    for connection_id, name in rows:
        found[connection_id].add(name)
    return found


async def open_secrets(
    session: AsyncSession, vault: Vault, workspace_id: int, connection_id: str
) -> dict[str, str]:
    """The secrets of a connection; those that cannot be decrypted any more are left out."""
    rows = await session.exec(
        select(ConnectionSecret).where(
            ConnectionSecret.workspace_id == workspace_id,
            ConnectionSecret.connection_id == connection_id,
        )
    )
    found: dict[str, str] = {}
    for row in rows:
        place = SecretPlace(workspace_id, connection_id, row.field)
        with suppress(CannotDecrypt):
            found[row.field] = vault.open(place, Sealed(row.key_id, row.ciphertext))
    return found


async def write_secret(
    session: AsyncSession, vault: Vault, place: SecretPlace, secret: str, expires_at: int | None
) -> None:
    """Encrypt and store one secret in place of the former."""
    sealed = vault.seal(place, secret)
    await session.merge(
        ConnectionSecret(
            workspace_id=place.workspace_id,
            connection_id=place.connection_id,
            field=place.field,
            key_id=sealed.key_id,
            ciphertext=sealed.ciphertext,
            created_at=now_ms(),
            expires_at=expires_at,
        )
    )


async def delete_secrets(
    session: AsyncSession, workspace_id: int, connection_id: str, names: Iterable[str] | None = None
) -> None:
    """Take secrets away; all of them without `names`."""
    statement = delete(ConnectionSecret).where(
        col(ConnectionSecret.workspace_id) == workspace_id,
        col(ConnectionSecret.connection_id) == connection_id,
    )
    if names is not None:
        statement = statement.where(col(ConnectionSecret.field).in_(list(names)))
    await session.exec(statement)


async def take_default_from(
    session: AsyncSession, workspace_id: int, apps: Iterable[str], except_id: str
) -> None:
    """No other connection of these apps is a default any more."""
    await session.exec(
        update(Connection)
        .where(
            col(Connection.workspace_id) == workspace_id,
            col(Connection.app).in_(list(apps)),
            col(Connection.id) != except_id,
        )
        .values(is_default=False)
    )


def using_workflows(workspace_id: int, connection_id: str) -> Sql:
    """id, name of active workflows whose live version names the connection. Workflows stand layers
    above, so this asks their tables and imports nothing of theirs."""
    return Sql(
        "SELECT DISTINCT w.id, w.name FROM workflow w JOIN activation a "
        "ON a.workspace_id = w.workspace_id AND a.workflow_id = w.id AND a.live_until IS NULL "
        "JOIN workflow_version v ON v.workspace_id = a.workspace_id "
        "AND v.workflow_id = a.workflow_id AND v.number = a.version "
        "WHERE w.workspace_id = $1 AND w.deleted_at IS NULL AND v.graph LIKE $2 ORDER BY w.name",
        (workspace_id, f'%"{connection_id}"%'),
    )


def add_sandbox(workspace_id: int, now: int) -> Transaction[None]:
    """The sandbox, unless it is there."""
    yield Sql(
        "INSERT INTO connection (workspace_id, id, app, name, settings, status, is_default, "
        "created_at, updated_at) VALUES ($1, $2, $2, 'Sandbox', '{}', 'ok', $3, $4, $4) "
        "ON CONFLICT (workspace_id, id) DO NOTHING",
        (workspace_id, SANDBOX, False, now),
    )


def release_waiting_runs(workspace_id: int, connection_id: str, now: int) -> Transaction[int]:
    """Let the runs go on that wait for a connection to be mended; tells how many.

    Runs stand layers above, so this changes their tables and imports nothing of theirs. A run that
    is in a worker's hand just now is missed; it looks again by itself a quarter of an hour later.
    """
    key = (workspace_id, f'%"connection":"{connection_id}"%', now)
    waiting = "state = 'retrying' AND wait LIKE $2"
    rows = yield Sql(
        "UPDATE run SET wake_at = $3 WHERE workspace_id = $1 AND status = 'waiting' "  # noqa: S608
        "AND lease_until IS NULL AND id IN "
        f"(SELECT run_id FROM token WHERE workspace_id = $1 AND {waiting}) RETURNING id",
        key,
    )
    yield Sql(
        f"UPDATE token SET wake_at = $3 WHERE workspace_id = $1 AND {waiting}",  # noqa: S608
        key,
    )
    return len(rows)
