"""Reading and writing connections; the only file that touches their encrypted secrets."""

from cartwheel.statements import Sql


def public_rows(workspace_id: int) -> Sql:
    """id, app, name, settings, status, is_default of every connection."""
    return Sql(
        "SELECT id, app, name, settings, status, is_default FROM connection "
        "WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY created_at, id",
        (workspace_id,),
    )


def secret_rows(workspace_id: int, connection_id: str) -> Sql:
    """field, key_id, ciphertext of every secret of a connection."""
    return Sql(
        "SELECT field, key_id, ciphertext FROM connection_secret "
        "WHERE workspace_id = $1 AND connection_id = $2",
        (workspace_id, connection_id),
    )
