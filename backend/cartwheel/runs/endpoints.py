"""Runs over HTTP: list, look, start by hand, cancel, retry, resume, watch."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, status
from fastapi.responses import StreamingResponse

from cartwheel.accounts.access import is_still_known
from cartwheel.accounts.caller import AnyCaller
from cartwheel.clock import to_ms
from cartwheel.database import Database, database
from cartwheel.errors import Busy
from cartwheel.jobs import Bell
from cartwheel.runs import happenings, pausing, retrying, revival, service, waits
from cartwheel.runs.schemas import (
    Accepted,
    Deactivated,
    Deactivation,
    HappeningPage,
    PausedEverything,
    PauseEverything,
    Release,
    RetriedAll,
    RetryAll,
    RetryRequest,
    RunDetail,
    RunPage,
    RunSummary,
    RunTally,
    StartByHand,
    WaitingSteps,
    WaitingVersions,
)
from cartwheel.runs.stream import LiveStream
from cartwheel.runs.tokens import RunStatus
from cartwheel.web.moments import Moment

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


def run_filter(
    workflow_id: Annotated[str | None, Query(max_length=64)] = None,
    status: RunStatus | None = None,
    contact: Annotated[str | None, Query(max_length=320)] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    search: Annotated[str | None, Query(max_length=100)] = None,
) -> service.RunFilter:
    """FastAPI dependency: which runs are meant. `search` finds "#1042" or part of an address;
    `since` is inclusive, `until` is not."""
    return service.RunFilter(
        workflow_id=workflow_id,
        status=status.value if status else None,
        contact=contact,
        since_ms=to_ms(since) if since else None,
        until_ms=to_ms(until) if until else None,
        search=search,
    )


Wanted = Annotated[service.RunFilter, Depends(run_filter)]
Cursor = Annotated[str | None, Query(max_length=64)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/runs")
async def list_runs(
    book: Book, caller: AnyCaller, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50
) -> RunPage:
    """Runs, newest first. `search` finds "#1042" or part of an address."""
    return await service.list_runs(book, caller.workspace_id, wanted, cursor, limit)


@router.get("/runs/tally")
async def tally_runs(book: Book, caller: AnyCaller, wanted: Wanted) -> RunTally:
    """How many of these runs are in which state."""
    counts = await service.tally_runs(book, caller.workspace_id, wanted)
    return RunTally(by_status=counts)


@router.post("/runs/retry")
async def retry_all(body: RetryAll, book: Book, caller: AnyCaller, rings: Rings) -> RetriedAll:
    """Let every failed run that fits go on from the step that failed."""
    wanted = service.RunFilter(
        workflow_id=body.workflow_id,
        contact=body.contact,
        since_ms=to_ms(body.since) if body.since else None,
        until_ms=to_ms(body.until) if body.until else None,
        search=body.search,
    )
    done = await retrying.retry_all(book, caller.workspace_id, wanted, body.after)
    rings.ring()
    return done


@router.get("/happenings")
async def list_happenings(
    book: Book,
    caller: AnyCaller,
    search: Annotated[str, Query(min_length=1, max_length=100)],
    cursor: Cursor = None,
    limit: Limit = 20,
) -> HappeningPage:
    """What happened to an order or a customer: events, newest first, the runs that they started,
    and why others started none."""
    return await happenings.list_happenings(book, caller.workspace_id, search, cursor, limit)


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


@router.post("/runs/{run_id}/release")
async def release_wait(
    run_id: str, body: Release, book: Book, caller: AnyCaller, rings: Rings
) -> RunSummary:
    """End a step's wait for a time now."""
    who = await waits.name_of(book, caller.workspace_id, caller.person_id)
    await waits.release_wait(book, caller.workspace_id, run_id, body.node_id, body.iteration, who)
    rings.ring()
    return await service.get_summary(book, caller.workspace_id, run_id)


@router.get("/workflows/{workflow_id}/waits")
async def list_waits(workflow_id: str, book: Book, caller: AnyCaller) -> WaitingSteps:
    """Where the workflow's runs wait, how many, and until when."""
    return WaitingSteps(items=await waits.list_waits(book, caller.workspace_id, workflow_id))


@router.get("/workflows/{workflow_id}/waits/versions")
async def list_waiting_versions(workflow_id: str, book: Book, caller: AnyCaller) -> WaitingVersions:
    """How many of the workflow's runs wait on which version."""
    found = await waits.list_waiting_versions(book, caller.workspace_id, workflow_id)
    return WaitingVersions(items=found)


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
    return await pausing.switch_off(book, caller.workspace_id, workflow_id, waiting)


@router.post("/workflows/pause-all")
async def pause_everything(
    book: Book, caller: AnyCaller, body: PauseEverything | None = None
) -> PausedEverything:
    """Switch off every workflow that is on; unless told otherwise, runs under way stand still."""
    waiting = body.waiting if body else "pause"
    return await pausing.pause_everything(book, caller.workspace_id, waiting)


@router.get("/stream", response_class=StreamingResponse)
async def watch(
    request: Request,
    caller: AnyCaller,
    live: Annotated[LiveStream, Depends(live_stream)],
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events as they happen: `run` with id, workflow and status, `event` with id.

    The stream ends with the session or the token that it was opened with.
    """

    async def is_welcome() -> bool:
        try:
            return await is_still_known(request.scope, caller)
        except Busy:
            return True  # Nobody is thrown out because the database cannot be asked just now.

    return StreamingResponse(
        live.watch(caller.workspace_id, last_event_id, is_welcome),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
