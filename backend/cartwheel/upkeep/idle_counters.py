"""Counters whose window has rolled past everything they counted: a key that never comes back would
otherwise stay for ever. Times are milliseconds."""

from collections.abc import Sequence

from cartwheel.statements import Sql, Transaction

LOOKED_AT_ONCE = 400


def idle_counters(workspace_id: int, now: int, after: str) -> Sql:
    """name and key as one text, and 1: the counters behind `after` that hold nothing any more."""
    name, key = _parts(after)
    return Sql(
        "SELECT CAST(length(name) AS text) || ':' || name || key, 1 FROM counter "
        "WHERE workspace_id = $1 AND (name, key) > ($2, $3) AND touched_at + window_ms < $4 "
        "ORDER BY name, key LIMIT $5",
        (workspace_id, name, key, now, LOOKED_AT_ONCE),
    )


def take_counters_away(workspace_id: int, now: int, ids: Sequence[str]) -> Transaction[int]:
    """Delete these, unless one was touched meanwhile. Whoever counts changes the counter's row
    first, so that row is locked here before what it counted."""
    gone = 0
    for each in ids:
        place = (workspace_id, *_parts(each))
        idle = yield Sql(
            "UPDATE counter SET touched_at = touched_at WHERE workspace_id = $1 AND name = $2 "
            "AND key = $3 AND touched_at + window_ms < $4 RETURNING name",
            (*place, now),
        )
        if idle:
            for table in ("counter_entry", "counter"):
                yield Sql(
                    f"DELETE FROM {table} WHERE workspace_id = $1 AND name = $2 AND key = $3",  # noqa: S608
                    place,
                )
            gone += 1
    return gone


def _parts(text: str) -> tuple[str, str]:
    """Name and key of a text such as `5:dailyanna@shop.example`; nothing of an empty one."""
    length, _, both = text.partition(":")
    number = int(length or 0)
    return both[:number], both[number:]
