"""What a simulation reads of a workspace: its name and zone, and the public side of connections.

It reads these columns itself, so that nothing which can open a secret is ever imported here.
"""

import orjson

from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.simulation.scenario import KnownConnection
from cartwheel.statements import Sql


async def workspace_facts(database: Database, workspace_id: int) -> dict[str, Json]:
    """`name`, `timezone`, `currency` and `locale` of a workspace."""
    rows = await database.fetch(
        Sql("SELECT name, timezone, currency, locale FROM workspace WHERE id = $1", (workspace_id,))
    )
    names = ("name", "timezone", "currency", "locale")
    return dict(zip(names, tuple(rows[0]), strict=True)) if rows else {}


async def known_connections(database: Database, workspace_id: int) -> tuple[KnownConnection, ...]:
    """The workspace's connections without their secrets."""
    rows = await database.fetch(
        Sql(
            "SELECT id, app, name, is_default, settings FROM connection "
            "WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY id",
            (workspace_id,),
        )
    )
    return tuple(
        KnownConnection(row[0], row[1], row[2], bool(row[3]), orjson.loads(row[4] or "{}"))
        for row in rows
    )
