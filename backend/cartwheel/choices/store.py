"""What happened lately, as a source of choices."""

from collections.abc import Sequence

import orjson

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.database import Database
from cartwheel.node_sdk import Json
from cartwheel.statements import Sql

LATELY = 150
"""Events that are looked at: enough for a shop's usual tags, and read in milliseconds."""


async def values_in_events(
    database: Database, workspace_id: int, places: Sequence[str]
) -> list[Json]:
    """What stands at these places of the newest events; lists are opened up."""
    rows = await database.fetch(
        Sql(
            "SELECT data FROM event WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2",
            (workspace_id, LATELY),
        )
    )
    found: list[Json] = []
    for (text,) in rows:
        data = orjson.loads(text)
        for place in places:
            value = look_up(data, place)
            if value is not MISSING:
                found.extend(value if isinstance(value, list) else [value])
    return found
