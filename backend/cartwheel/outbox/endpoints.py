"""The outbox over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from cartwheel.accounts.caller import AnyCaller
from cartwheel.accounts.models import Role
from cartwheel.database import Database, database
from cartwheel.outbox import service
from cartwheel.outbox.schemas import OutboxPage, outbox_item

router = APIRouter(prefix="/api/outbox", tags=["outbox"])


@router.get("")
async def list_outbox(
    request: Request,
    book: Annotated[Database, Depends(database)],
    caller: AnyCaller,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    run_id: Annotated[str | None, Query(max_length=64)] = None,
    workflow_id: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OutboxPage:
    """What the sandbox would have delivered, newest first."""
    wanted = service.OutboxFilter(channel, run_id, workflow_id)
    after = service.read_place(cursor) if cursor else None
    rows = await service.list_messages(book, caller.workspace_id, wanted, after, limit + 1)
    links = request.app.state.links
    # Whoever may only look must not be able to decide in somebody's place.
    may_open = caller.role.covers(Role.EDITOR)
    opened = partial(links.token, caller.workspace_id) if may_open else None
    last = rows[limit - 1] if len(rows) > limit else None
    return OutboxPage(
        items=[outbox_item(row, opened) for row in rows[:limit]],
        next=str(service.Place(last[6], last[0])) if last else None,
    )
