"""In what shape events are shown."""

from typing import Any

from pydantic import BaseModel, Field

from cartwheel.clock import rfc3339
from cartwheel.events.models import Event
from cartwheel.languages.fields import SaidOrNone


class EventSummary(BaseModel):
    """Something that happened. `duplicate_of` marks an id that came back with another body."""

    id: str
    type: str
    source: str
    received_at: str
    label: SaidOrNone
    contact: str | None
    duplicate_of: str | None
    replay_of: str | None
    routed_at: str | None = Field(description="When runs were made of it; empty while it waits")
    run_ids: list[str]


class EventDetail(EventSummary):
    """Something that happened, with all that was said. `raw` is what the sender sent, as text."""

    data: dict[str, Any]
    raw: str | None


class EventPage(BaseModel):
    """Some events; `next` is the cursor of the page after them."""

    items: list[EventSummary]
    next: str | None


class Reported(BaseModel):
    """The event's id, and whether it was known before."""

    id: str
    duplicate: bool


def event_fields(event: Event, run_ids: list[str]) -> dict[str, Any]:
    """What the shapes of an event have in common."""
    return {
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "received_at": rfc3339(event.received_at),
        "label": event.label,
        "contact": event.contact,
        "duplicate_of": event.duplicate_of,
        "replay_of": event.replay_of,
        "routed_at": None if event.routed_at is None else rfc3339(event.routed_at),
        "run_ids": run_ids,
    }


def event_detail(event: Event, run_ids: list[str]) -> EventDetail:
    """An event with its data."""
    raw = None if event.raw is None else event.raw.decode("utf-8", "replace")
    return EventDetail(**event_fields(event, run_ids), data=event.data, raw=raw)
