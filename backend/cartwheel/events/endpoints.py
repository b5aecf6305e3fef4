"""Events over HTTP: list, look, replay. Reporting one is `webhooks.ingress`: it is hot."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.events import service
from cartwheel.events.schemas import (
    EventDetail,
    EventPage,
    EventSummary,
    Reported,
    event_detail,
    event_fields,
)
from cartwheel.jobs import Bell

router = APIRouter(prefix="/api/events", tags=["events"])
Book = Annotated[Database, Depends(database)]


def bell(request: Request) -> Bell:
    """FastAPI dependency: the process's bell."""
    found: Bell = request.app.state.bell
    return found


@router.get("")
async def list_events(
    book: Book,
    caller: AnyCaller,
    type: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EventPage:
    """Events, newest first, with the runs that they started."""
    found = await service.list_events(book, caller.workspace_id, type, cursor, limit + 1)
    page = found[:limit]
    runs = await service.run_ids(book, caller.workspace_id, [event.id for event in page])
    items = [EventSummary(**event_fields(event, runs.get(event.id, []))) for event in page]
    return EventPage(items=items, next=page[-1].id if len(found) > limit else None)


@router.get("/{event_id}")
async def read_event(event_id: str, book: Book, caller: AnyCaller) -> EventDetail:
    """An event with its data, and with what the sender really sent."""
    found = await service.find_event(book, caller.workspace_id, event_id)
    runs = await service.run_ids(book, caller.workspace_id, [found.id])
    return event_detail(found, runs.get(found.id, []))


@router.post("/{event_id}/replay", status_code=status.HTTP_202_ACCEPTED)
async def replay_event(
    event_id: str, book: Book, caller: AnyCaller, rings: Annotated[Bell, Depends(bell)]
) -> Reported:
    """Let an event happen once more: a new event, which starts what is live now."""
    made = await service.replay_event(book, rings, caller.workspace_id, event_id)
    return Reported(id=made, duplicate=False)
