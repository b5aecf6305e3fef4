"""What happened in the world: taken in once, looked at, played again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlmodel import col, select

from cartwheel import tally
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.events.models import Event
from cartwheel.events.news import event_news, short_hash
from cartwheel.events.store import Accepted, Arrival, NewEvent, runs_of, store_arrivals
from cartwheel.group_commit import GroupCommit
from cartwheel.jobs import Bell
from cartwheel.logbook import tell

Json = Any


class Inbox:
    """One process's way into the book: everything that arrives together is one commit.

    `take` raises `Busy` when the database is locked, full or away: then nothing was accepted.
    """

    def __init__(self, database: Database, bell: Bell) -> None:
        self._commits = GroupCommit(database, partial(store_arrivals, when_seen=bell.ring))
        self._bell = bell

    async def take(self, arrival: Arrival) -> Accepted:
        """Store what arrived; when this returns it is committed."""
        accepted = await self._commits.submit(arrival)
        _note(arrival, accepted)
        if not accepted.duplicate:
            # Rings before the bell's next trip are one ring, so a commit rings once.
            if not accepted.is_told:
                self._bell.ring()
            self._bell.tell(event_news(arrival.event.workspace_id, accepted.id))
        return accepted

    async def close(self) -> None:
        await self._commits.close()


def _note(arrival: Arrival, accepted: Accepted) -> None:
    event = arrival.event
    tally.add("events", "duplicate" if accepted.duplicate else "accepted")
    tell("accepted", workspace=event.workspace_id, event=accepted.id, type=event.type,
         duplicate=accepted.duplicate, ms=max(0, now_ms() - event.received_at))  # fmt: skip


def api_event(
    workspace_id: int,
    kind: str,
    data: Mapping[str, Json],
    external_id: str | None,
    contact: str | None,
) -> NewEvent:
    """An event that a program reports; its id, if it has one, makes it happen once."""
    said = orjson.dumps([kind, data, contact], option=orjson.OPT_SORT_KEYS)
    return NewEvent(
        workspace_id=workspace_id,
        id=new_id(),
        type=kind,
        source="api",
        external_id=external_id,
        body_hash=short_hash(said) if external_id else "",
        label=_label(data),
        contact=contact or _contact(data),
        data=orjson.dumps(data).decode(),
        received_at=now_ms(),
    )


def _label(data: Mapping[str, Json]) -> str | None:
    name = _member(data, "order", "name")
    return f"Order {name}" if name else _member(data, "customer", "name")


def _contact(data: Mapping[str, Json]) -> str | None:
    places = [(owner, kind) for kind in ("email", "phone") for owner in ("customer", "order")]
    return next((found for place in places if (found := _member(data, *place))), None)


def _member(data: Mapping[str, Json], owner: str, name: str) -> str | None:
    thing = data.get(owner)
    found = thing.get(name) if isinstance(thing, dict) else None
    return found[:320] if isinstance(found, str) and found else None


async def list_events(
    database: Database, workspace_id: int, kind: str | None, before: str | None, limit: int
) -> Sequence[Event]:
    """Events, newest first, older than the id `before`."""
    query = select(Event).where(Event.workspace_id == workspace_id)
    if kind:
        query = query.where(Event.type == kind)
    if before:
        query = query.where(col(Event.id) < before)
    async with database.read() as session:
        return (await session.exec(query.order_by(col(Event.id).desc()).limit(limit))).all()


async def find_event(database: Database, workspace_id: int, event_id: str) -> Event:
    """One event. Raises `NotFound`."""
    async with database.read() as session:
        found = await session.get(Event, (workspace_id, event_id))
    if found is None:
        raise NotFound("There is no such event here.")
    return found


async def run_ids(
    database: Database, workspace_id: int, event_ids: Sequence[str]
) -> Mapping[str, list[str]]:
    """The runs that each event started."""
    found: dict[str, list[str]] = defaultdict(list)
    if event_ids:
        for event_id, run_id in await database.fetch(runs_of(workspace_id, event_ids)):
            found[event_id].append(run_id)
    return found


async def replay_event(database: Database, bell: Bell, workspace_id: int, event_id: str) -> str:
    """Let an event happen once more, as a new event; returns its id. Raises `NotFound`."""
    first = await find_event(database, workspace_id, event_id)
    again = Event(
        workspace_id=workspace_id,
        id=new_id(),
        type=first.type,
        source=first.source,
        source_id=first.source_id,
        label=first.label,
        contact=first.contact,
        data=first.data,
        raw=first.raw,
        received_at=now_ms(),
        only_workflow_id=first.only_workflow_id,
        replay_of=first.id,
    )
    async with database.write() as session:
        session.add(again)
    bell.ring()
    bell.tell(event_news(workspace_id, again.id))
    return again.id
