"""The book of waits for events: who waits for what, and which event came.

A wait is a row for each way in which an event can fit (`runs/awaited.py`). Routing, which sees
every event once, writes the event into the rows that it fits and lets their runs be claimed. What
came before the row was there is looked up when the wait begins. A row that heard an event stays:
that event counts for no later wait of the run.

Runs are locked before their waits, everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from cartwheel.clock import first_id_at, now_ms
from cartwheel.node_sdk import Json
from cartwheel.runs.awaited import correlations, document_of, key_in, needles
from cartwheel.runs.claims import RoutedEvent
from cartwheel.runs.rows import AwaitedRow, RunWrite
from cartwheel.runs.scope import contact_of
from cartwheel.runs.tokens import Token
from cartwheel.statements import Row, Rows, Sql, Transaction, Updates, marks

_MOVABLE = "status IN ('queued', 'running', 'waiting')"


def awaited_rows(token: Token, now: int) -> list[AwaitedRow]:
    """The rows of a token that waits for an event."""
    match = (token.wait or {}).get("match") or {}
    ways = correlations(match)
    return [
        AwaitedRow(token.id, number, token.node_id, str(match.get("type")), way.paths, way.key, now)
        for number, way in enumerate(ways)
    ]


# --- with the run's own commit ---


def write_awaited(writes: Iterable[RunWrite]) -> Transaction[None]:
    """Put the waits that began, take those away that ended without an event."""
    rows: list[Row] = []
    over: list[Row] = []
    for write in writes:
        place = (write.workspace_id, write.run_id)
        over += [(*place, token_id) for token_id in write.unheard]
        rows += [
            (*place, a.token_id, a.way, a.node_id, a.event_type, a.paths, a.key, a.armed_at)
            for a in write.awaited
        ]
    for row in over:
        yield Sql(
            "DELETE FROM awaited_event WHERE workspace_id = $1 AND run_id = $2 AND token_id = $3 "
            "AND event_id IS NULL",
            tuple(row),
        )
    if rows:
        yield Rows(
            "awaited_event",
            ("workspace_id", "run_id", "token_id", "way", "node_id", "event_type", "paths", "key",
             "armed_at"),
            ("int", "text", "int", "int", "text", "text", "text", "text", "bigint"),
            rows, "ON CONFLICT DO NOTHING",
        )  # fmt: skip


_OF_THE_RUN = "t.workspace_id = $1 AND t.run_id = $2"
_HEARD = (
    f"EXISTS (SELECT 1 FROM token t CROSS JOIN awaited_event a WHERE {_OF_THE_RUN} "  # noqa: S608
    "AND a.workspace_id = t.workspace_id AND a.run_id = t.run_id AND a.token_id = t.id "
    "AND a.event_id IS NOT NULL)"
)
_ANSWERED = (
    f"EXISTS (SELECT 1 FROM token t CROSS JOIN approval a WHERE {_OF_THE_RUN} "  # noqa: S608
    "AND a.workspace_id = t.workspace_id AND a.run_id = t.run_id AND a.token_id = t.id "
    "AND a.status <> 'open')"
)
_RETURNED = (
    f"EXISTS (SELECT 1 FROM token t CROSS JOIN run child WHERE {_OF_THE_RUN} "  # noqa: S608
    "AND child.workspace_id = t.workspace_id AND child.parent_run_id = t.run_id "
    "AND child.parent_token = t.id AND child.status IN ('succeeded', 'failed', 'cancelled'))"
)
_SOMETHING_CAME = f"{_HEARD} OR {_ANSWERED} OR {_RETURNED}"
"""The run's few tokens lead (SQLite keeps to the order of a CROSS JOIN): there may be thousands of
waits and calls behind it."""


def stay_awake(writes: Iterable[RunWrite]) -> Transaction[None]:
    """A run that comes to rest while what it waits for has come is due at once."""
    for write in writes:
        if write.listens and write.run.release:
            yield Sql(
                "UPDATE run SET wake_at = $3 WHERE workspace_id = $1 AND id = $2 "  # noqa: S608
                f"AND status = 'waiting' AND ({_SOMETHING_CAME})",
                (write.workspace_id, write.run_id, 0),
            )


# --- when events are routed ---


def who_listens(events: Iterable[RoutedEvent]) -> list[Sql]:
    """The first question of `hear`, for each kind of event, so that it can be asked together with
    others."""
    return [_next_paths(*kind, "") for kind in _kinds(events)]


def hear(events: Iterable[RoutedEvent], answers: Iterable[list[Row]]) -> Transaction[None]:
    """Hand events to the waits that they fit, the older event first. `answers` are those to
    `who_listens`."""
    for (kind, several), answer in zip(_kinds(events).items(), answers, strict=True):
        while (paths := answer[0][0]) is not None:
            for event in several:
                yield from _hear_one(event, paths)
            answer = yield _next_paths(*kind, paths)


def _kinds(events: Iterable[RoutedEvent]) -> dict[tuple[int, str], list[RoutedEvent]]:
    kinds: dict[tuple[int, str], list[RoutedEvent]] = defaultdict(list)
    for event in events:
        kinds[event.workspace_id, event.type].append(event)
    return kinds


def _next_paths(workspace_id: int, event_type: str, after: str) -> Sql:
    """What waits for a kind of event compare: one look at the index for each different one."""
    return Sql(
        "SELECT min(paths) FROM awaited_event WHERE workspace_id = $1 AND event_type = $2 "
        "AND event_id IS NULL AND paths > $3",
        (workspace_id, event_type, after),
    )


def _hear_one(event: RoutedEvent, paths: str) -> Transaction[None]:
    data = orjson.loads(event.data)
    key = key_in(document_of(data, contact_of(data, event.contact)), paths)
    if key is None:
        return
    rows = yield Sql(
        "SELECT DISTINCT run_id, token_id FROM awaited_event WHERE workspace_id = $1 "
        "AND event_type = $2 AND paths = $3 AND key = $4 AND event_id IS NULL",
        (event.workspace_id, event.type, paths, key),
    )
    if rows:
        yield from _hand_over(event, [tuple(row) for row in rows])


def _hand_over(event: RoutedEvent, waits: Sequence[tuple[str, int]]) -> Transaction[None]:
    runs = sorted({run_id for run_id, _ in waits})
    yield Updates(
        "run", ("workspace_id", "id"), ("wake_at",), ("int", "text", "bigint"),
        [(event.workspace_id, run_id, now_ms()) for run_id in runs], returning="id", only=_MOVABLE,
    )  # fmt: skip
    yield from mark_heard(event.workspace_id, [(*wait, event.id) for wait in waits])


def mark_heard(workspace_id: int, heard: Sequence[tuple[str, int, str]]) -> Transaction[None]:
    """Write (run, token, event) into waits that have heard nothing yet."""
    yield Updates(
        "awaited_event", ("workspace_id", "run_id", "token_id"), ("event_id",),
        ("int", "text", "int", "text"), [(workspace_id, *each) for each in heard],
        returning="run_id", only="awaited_event.event_id IS NULL",
    )  # fmt: skip


# --- when a run looks ---


def heard_by(workspace_id: int, run_id: str, tokens: Sequence[int]) -> Sql:
    """token_id, event_id, data of every event that one of these tokens has heard."""
    return Sql(
        "SELECT DISTINCT a.token_id, a.event_id, e.data FROM awaited_event a JOIN event e "  # noqa: S608
        "ON e.workspace_id = a.workspace_id AND e.id = a.event_id "
        f"WHERE a.workspace_id = $1 AND a.run_id = $2 AND a.token_id IN ({marks(3, tokens)})",
        (workspace_id, run_id, *tokens),
    )


def who_heard(workspace_id: int, run_id: str, event_id: str) -> Sql:
    """node_id of every step of the run that has heard an event. The event leads: a run may have
    heard thousands, and few runs heard this one."""
    return Sql(
        "SELECT DISTINCT node_id FROM awaited_event "
        "WHERE workspace_id = $1 AND event_id = $3 AND run_id || '' = $2",
        (workspace_id, run_id, event_id),
    )


def armed_waits(workspace_id: int, run_id: str, tokens: Sequence[int]) -> Sql:
    """token_id, armed_at of those of these waits that have heard nothing yet."""
    return Sql(
        "SELECT DISTINCT token_id, armed_at FROM awaited_event WHERE workspace_id = $1 "  # noqa: S608
        f"AND run_id = $2 AND event_id IS NULL AND token_id IN ({marks(3, tokens)})",
        (workspace_id, run_id, *tokens),
    )


def events_between(
    workspace_id: int, match: Mapping[str, Json], first_ms: int, last_ms: int
) -> Sql:
    """id, data, contact of the events in a span of time that may fit, the oldest first.

    Whether they do is asked of `is_awaited`. Identifiers sort by time, so that only that span of
    the table is read.
    """
    wanted = [f"%{needle}%" for needle in needles(match)]
    places = [f"${number}" for number in range(5, 5 + len(wanted))]
    likes = " OR ".join(f"lower(data) LIKE {m} OR lower(contact) LIKE {m}" for m in places)
    return Sql(
        "SELECT id, data, contact FROM event WHERE workspace_id = $1 AND id >= $2 AND id < $3 "  # noqa: S608
        f"AND type = $4 AND duplicate_of IS NULL {f'AND ({likes}) ' if likes else ''}ORDER BY id",
        (workspace_id, first_id_at(first_ms), first_id_at(last_ms), match["type"], *wanted),
    )
