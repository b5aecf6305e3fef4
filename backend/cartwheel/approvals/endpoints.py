"""Approvals and tasks over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from cartwheel.accounts.caller import AnyCaller
from cartwheel.approvals import reading, service
from cartwheel.approvals.reading import Reader
from cartwheel.approvals.schemas import ApprovalPage, ApprovalShape, ApprovalTally, Decide, Tick
from cartwheel.database import Database, database
from cartwheel.jobs import Bell
from cartwheel.runs.stream import run_news

router = APIRouter(prefix="/api/approvals", tags=["approvals"])
Book = Annotated[Database, Depends(database)]
ApprovalId = Annotated[str, Path(max_length=64)]


async def _reader(book: Book, caller: AnyCaller) -> Reader:
    return await reading.reader_of(book, caller)


Asker = Annotated[Reader, Depends(_reader)]


@router.get("")
async def list_approvals(
    book: Book,
    reader: Asker,
    state: Literal["open", "closed"] | None = None,
    mine: bool = False,
    kind: Literal["approval", "task"] | None = None,
    run_id: Annotated[str | None, Query(max_length=64)] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ApprovalPage:
    """What runs ask of people, newest first; `mine` is what waits for you."""
    is_open = None if state is None else state == "open"
    wanted = reading.Wanted(is_open, mine, kind, run_id)
    return await reading.list_approvals(book, reader, wanted, cursor, limit)


@router.get("/tally")
async def tally_approvals(book: Book, reader: Asker) -> ApprovalTally:
    """How many are open, and how many of them wait for you."""
    return await reading.tally_approvals(book, reader)


@router.get("/{approval_id}")
async def get_approval(book: Book, reader: Asker, approval_id: ApprovalId) -> ApprovalShape:
    """One approval or task."""
    return await reading.get_approval(book, reader, approval_id)


@router.post("/{approval_id}")
async def decide(
    request: Request, book: Book, reader: Asker, approval_id: ApprovalId, given: Decide
) -> ApprovalShape:
    """Decide, once. A later answer is told who decided what, and when."""
    await service.decide(book, reader, approval_id, given)
    found = await reading.get_approval(book, reader, approval_id)
    tell(request.app.state.bell, reader.workspace_id, found.run_id, found.workflow_id)
    return found


@router.put("/{approval_id}/items/{number}")
async def tick(
    request: Request,
    book: Book,
    reader: Asker,
    approval_id: ApprovalId,
    number: Annotated[int, Path(ge=0, le=1000)],
    given: Tick,
) -> ApprovalShape:
    """Tick a point of a task's checklist, or take the tick away."""
    await service.tick(book, reader, approval_id, number, done=given.done)
    found = await reading.get_approval(book, reader, approval_id)
    tell(request.app.state.bell, reader.workspace_id, found.run_id, found.workflow_id)
    return found


def tell(bell: Bell, workspace_id: int, run_id: str, workflow_id: str) -> None:
    """Workers look at the run, and screens at what waits for people."""
    bell.ring()
    bell.tell(run_news(workspace_id, run_id, workflow_id, "waiting"))
