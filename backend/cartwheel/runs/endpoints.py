"""Runs over HTTP: list, look, start by hand, cancel, retry, resume, watch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, status
from fastapi.responses import StreamingResponse

from cartwheel.accounts.caller import AnyCaller
from cartwheel.clock import to_ms
from cartwheel.database import Database, database
from cartwheel.jobs import Bell
from cartwheel.runs import revival, service
from cartwheel.runs.schemas import (
    Accepted,
    Deactivated,
    Deactivation,
    RetryRequest,
    RunDetail,
    RunPage,
    RunSummary,
    StartByHand,
)
from cartwheel.runs.stream import LiveStream
from cartwheel.runs.tokens import RunStatus
from cartwheel.web.moments import Moment
from cartwheel.workflows import service as workflows

router = APIRouter(prefix="/api", tags=["runs"])
Book = Annotated[Database, Depends(database)]


def bell(request: Request) -> Bell:
    """FastAPI dependency: the process's bell."""
    found: Bell = request.app.state.bell
    return found


def live_stream(request: Request) -> LiveStream:
    """FastAPI dependency: the process's live stream."""
    found: LiveStream = request.app.state.live
    return found


Rings = Annotated[Bell, Depends(bell)]


@router.get("/runs")
async def list_runs(
    book: Book,
    caller: AnyCaller,
    workflow_id: Annotated[str | None, Query(max_length=64)] = None,
    status: RunStatus | None = None,
    contact: Annotated[str | None, Query(max_length=320)] = None,
    since: Moment | None = None,
    search: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunPage:
    """Runs, newest first. `search` finds "#1042" or part of an address."""
    wanted = service.RunFilter(
        workflow_id=workflow_id,
        status=status.value if status else None,
        contact=contact,
        since_ms=to_ms(since) if since else None,
        search=search,
    )
    return await service.list_runs(book, caller.workspace_id, wanted, cursor, limit)


@router.get("/runs/{run_id}")
async def read_run(run_id: str, book: Book, caller: AnyCaller) -> RunDetail:
    """A run on the version that ran, with every step's input, output and words."""
    return await service.get_run(book, caller.workspace_id, run_id)


@router.post("/runs/{run_id}/cancel")
async def cancel_run(run_id: str, book: Book, caller: AnyCaller) -> RunSummary:
    """End a run now. What was sent stays sent."""
    await service.cancel_run(book, caller.workspace_id, run_id)
    return await service.get_summary(book, caller.workspace_id, run_id)


@router.post("/runs/{run_id}/retry")
async def retry_run(
    run_id: str, book: Book, caller: AnyCaller, rings: Rings, body: RetryRequest | None = None
) -> RunSummary:
    """Go on with a failed run from the step that failed."""
    send_again = body.send_again if body else False
    await revival.retry_run(book, caller.workspace_id, run_id, send_again=send_again)
    rings.ring()
    return await service.get_summary(book, caller.workspace_id, run_id)


@router.post("/runs/{run_id}/resume")
async def resume_run(run_id: str, book: Book, caller: AnyCaller, rings: Rings) -> RunSummary:
    """Go on with a run that is paused or in quarantine."""
    await revival.resume_run(book, caller.workspace_id, run_id)
    rings.ring()
    return await service.get_summary(book, caller.workspace_id, run_id)


@router.post("/workflows/{workflow_id}/runs", status_code=status.HTTP_202_ACCEPTED)
async def start_by_hand(
    workflow_id: str, body: StartByHand, book: Book, caller: AnyCaller, rings: Rings
) -> Accepted:
    """Run an active workflow on data given by hand."""
    event_id = await revival.start_by_hand(
        book, caller.workspace_id, workflow_id, body.data, body.contact
    )
    rings.ring()
    return Accepted(event_id=event_id)


@router.post("/workflows/{workflow_id}/deactivate")
async def deactivate(
    workflow_id: str, book: Book, caller: AnyCaller, body: Deactivation | None = None
) -> Deactivated:
    """Stop new starts; `waiting` says what becomes of the runs under way."""
    waiting = body.waiting if body else "finish"
    state = await workflows.deactivate(book, caller.workspace_id, workflow_id)
    changed = 0
    if waiting == "cancel":
        changed = await service.cancel_runs_of(book, caller.workspace_id, workflow_id)
    elif waiting == "pause":
        changed = await service.pause_runs_of(book, caller.workspace_id, workflow_id)
    return Deactivated(state=state, runs_changed=changed)


@router.get("/stream", response_class=StreamingResponse)
async def watch(
    caller: AnyCaller,
    live: Annotated[LiveStream, Depends(live_stream)],
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events: `run` with id, workflow and status, as they happen."""
    return StreamingResponse(
        live.watch(caller.workspace_id, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
