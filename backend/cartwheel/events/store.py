"""Writing events, many at once, each of them once.

An event is known again by its sender's id, and, where the sender does not sign that id, by
a fingerprint of what it said. Both are unique indexes, so that two processes cannot disagree.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from cartwheel import failpoints
from cartwheel.clock import now_ms
from cartwheel.statements import Alone, Flush, Row, Rows, Sql, Transaction
from cartwheel.values import dataclass

_COLUMNS = (
    "workspace_id", "id", "type", "source", "source_id", "external_id", "body_hash", "fingerprint",
    "label", "contact", "data", "raw", "received_at", "routed_at", "duplicate_of", "depth",
)  # fmt: skip
_TYPES = (
    "int", "text", "text", "text", "text", "text", "text", "text",
    "text", "text", "text", "bytea", "bigint", "bigint", "text", "int",
)  # fmt: skip

FEW = 8
"""In a crowd one journey more for each commit would cost more than a flush that many share."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to store. `data` is JSON text; see `models.Event` for the rest."""

    workspace_id: int
    id: str
    type: str
    source: str
    data: str
    received_at: int
    source_id: str = ""
    external_id: str | None = None
    body_hash: str = ""
    fingerprint: str | None = None
    label: str | None = None
    contact: str | None = None
    raw: bytes | None = None
    routed_at: int | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came in at once: an event, and others that follow from it and are stored only with it.

    What follows may be known already (an order is paid once); that is no duplicate to tell of.
    """

    event: NewEvent
    following: tuple[NewEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The id under which an event is known, whether it was known before, and whether the workers
    were told of it already."""

    id: str
    duplicate: bool
    is_told: bool = False


def store_arrivals(
    arrivals: Sequence[Arrival], when_seen: Callable[[], None] | None = None
) -> Transaction[list[Accepted]]:
    """Store what is new; one answer per arrival, in order.

    `when_seen` is called if others can see a few arrivals some time before they are on the disk.
    """
    tell = _Telling(when_seen) if when_seen and len(arrivals) <= FEW else None
    insert = _inserting([arrival.event for arrival in arrivals])
    has_following = any(arrival.following for arrival in arrivals)
    stored = {row[0] for row in (yield insert if has_following else Alone(insert, tell))}
    following = [each for a in arrivals if a.event.id in stored for each in a.following]
    if following:
        yield _inserting(following)
    answers: list[Accepted] = []
    for event in (arrival.event for arrival in arrivals):
        if event.id in stored:
            answers.append(Accepted(event.id, duplicate=False, is_told=bool(tell and tell.is_done)))
        else:
            first = yield from _first_of(event)
            answers.append(Accepted(first, duplicate=first != event.id))
    if tell is None and len(stored) < len(arrivals):
        yield Flush()  # Another process may have shown them a moment ago.
    return answers


class _Telling:
    """Calls `when_seen`, and knows whether it did."""

    def __init__(self, when_seen: Callable[[], None]) -> None:
        self._when_seen, self.is_done = when_seen, False

    def __call__(self) -> None:
        failpoints.hit("store_arrivals", "when_seen")
        self.is_done = True
        self._when_seen()


def _inserting(events: Sequence[NewEvent]) -> Rows:
    """Answers with the ids of those that were not there yet."""
    return Rows(
        "event", _COLUMNS, _TYPES, [_row(event) for event in events],
        "ON CONFLICT DO NOTHING", returning="id",
    )  # fmt: skip


def _first_of(event: NewEvent) -> Transaction[str]:
    """The id of the event that was here before; its own where it was this one, stored by a commit
    whose answer was lost.

    An id that comes back with another body is kept for people to see, and never run.
    """
    rows = yield Sql(
        "SELECT id, body_hash FROM event WHERE workspace_id = $1 AND source = $2 "
        "AND source_id = $3 AND external_id = $4",
        (event.workspace_id, event.source, event.source_id, event.external_id),
    )
    if not rows:
        rows = yield Sql(
            "SELECT id, body_hash FROM event WHERE workspace_id = $1 AND source_id = $2 "
            "AND fingerprint = $3",
            (event.workspace_id, event.source_id, event.fingerprint),
        )
    if not rows:
        return event.id
    first, body_hash = rows[0]
    if body_hash != event.body_hash:
        yield _inserting([_contradicting(event, first)])
    return str(first)


def _contradicting(event: NewEvent, first: str) -> NewEvent:
    return replace(
        event,
        external_id=f"{event.external_id}#{event.body_hash}",
        fingerprint=None,
        duplicate_of=first,
        routed_at=now_ms(),
    )


def _row(event: NewEvent) -> Row:
    return (
        event.workspace_id, event.id, event.type, event.source, event.source_id,
        event.external_id, event.body_hash, event.fingerprint, event.label, event.contact,
        event.data, event.raw, event.received_at, event.routed_at, event.duplicate_of, 0,
    )  # fmt: skip


def runs_of(workspace_id: int, event_ids: Sequence[str]) -> Sql:
    """event_id, id of every run that these events started. Runs stand a layer above events, so
    this asks their table and imports nothing of theirs."""
    marks = ", ".join(f"${place}" for place in range(2, len(event_ids) + 2))
    return Sql(
        f"SELECT event_id, id FROM run WHERE workspace_id = $1 AND event_id IN ({marks}) "  # noqa: S608
        "ORDER BY id",
        (workspace_id, *event_ids),
    )
