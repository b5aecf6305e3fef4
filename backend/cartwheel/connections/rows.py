"""Connections as runs and webhooks need them: read as rows, many times a minute."""

import orjson

from cartwheel.connections.choosing import PublicConnection
from cartwheel.database import Database
from cartwheel.statements import Row, Sql, Transaction


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
        is_refused=row[6] is not None,
        updated_at=row[7],
    )


def public_rows(workspace_id: int) -> Sql:
    """Every connection, as `PublicConnection` wants it."""
    return Sql(
        "SELECT id, app, name, settings, status, is_default, refused_at, updated_at "
        "FROM connection WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY created_at, id",
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


def note_refused(
    workspace_id: int, connection_id: str, words: str, seen: int, now: int
) -> Transaction[tuple[bool, bool]]:
    """Note that its app did not accept a connection: (whether that is news, whether it stands).

    `seen` is the `updated_at` of the connection that was used. A refusal of what somebody has
    mended since is no refusal of what is there now.
    """
    rows = yield Sql(
        "UPDATE connection SET status = 'broken', error = $3, checked_at = $4, refused_at = $4 "
        "WHERE workspace_id = $1 AND id = $2 AND refused_at IS NULL AND updated_at = $5 "
        "RETURNING id",
        (workspace_id, connection_id, words, now, seen),
    )
    if rows:
        return True, True
    rows = yield Sql(
        "SELECT 1 FROM connection WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL "
        "AND refused_at IS NOT NULL",
        (workspace_id, connection_id),
    )
    return False, bool(rows)
