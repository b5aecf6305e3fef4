"""Reading and writing connections; the only file that touches their encrypted secrets."""

import orjson

from cartwheel.connections.choosing import PublicConnection
from cartwheel.database import Database
from cartwheel.statements import Row, Sql


async def public_connections(database: Database, workspace_id: int) -> tuple[PublicConnection, ...]:
    """Every connection of a workspace without its secrets, the oldest first."""
    rows = await database.fetch(public_rows(workspace_id))
    return tuple(_public(row) for row in rows)


def _public(row: Row) -> PublicConnection:
    return PublicConnection(
        id=row[0],
        app=row[1],
        name=row[2],
        settings=orjson.loads(row[3]),
        status=row[4],
        is_default=bool(row[5]),
    )


def public_rows(workspace_id: int) -> Sql:
    """id, app, name, settings, status, is_default of every connection."""
    return Sql(
        "SELECT id, app, name, settings, status, is_default FROM connection "
        "WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY created_at, id",
        (workspace_id,),
    )


def secret_rows(workspace_id: int, connection_id: str) -> Sql:
    """field, key_id, ciphertext, expires_at of every secret of a connection."""
    return Sql(
        "SELECT field, key_id, ciphertext, expires_at FROM connection_secret "
        "WHERE workspace_id = $1 AND connection_id = $2",
        (workspace_id, connection_id),
    )


def hook_rows(key: str) -> Sql:
    """workspace_id, id, app, settings of the connection whose hook address ends in `key`."""
    return Sql(
        "SELECT workspace_id, id, app, settings FROM connection "
        "WHERE hook_key = $1 AND deleted_at IS NULL",
        (key,),
    )
