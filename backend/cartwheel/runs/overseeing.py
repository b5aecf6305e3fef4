"""What goes on in a workflow, over HTTP: who waits where, the numbers, what fails too often."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.runs import numbers, waits
from cartwheel.runs.endpoints import Rings
from cartwheel.runs.schemas import (
    EndWaits,
    WaitingPage,
    WaitsEnded,
    WorkflowNumbers,
)

router = APIRouter(prefix="/api", tags=["runs"])
Book = Annotated[Database, Depends(database)]
WaitCursor = Annotated[str | None, Query(max_length=80, pattern=r"^[0-9A-Za-z]+:[0-9]{1,9}$")]


@router.get("/workflows/{workflow_id}/waiting")
async def list_waiting(
    workflow_id: str,
    book: Book,
    caller: AnyCaller,
    node_id: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    cursor: WaitCursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> WaitingPage:
    """Which runs wait at which step, for what, and until when."""
    return await waits.list_waiting(book, caller.workspace_id, workflow_id, node_id, cursor, limit)


@router.post("/workflows/{workflow_id}/waits/end")
async def end_waits(
    workflow_id: str, body: EndWaits, book: Book, caller: AnyCaller, rings: Rings
) -> WaitsEnded:
    """Let runs go on now, skip what they wait for, or end them: chosen ones, or all."""
    who = await waits.name_of(book, caller.workspace_id, caller.person_id)
    deed = waits.Deed(body.deed)
    place = (book, caller.workspace_id, workflow_id, deed)
    if body.places is None:
        done = await waits.end_all_waits(*place, body.node_id, body.cursor, who)
    else:
        places = [(each.run_id, each.token_id) for each in body.places]
        done = await waits.end_waits(*place, places, who)
    rings.ring()
    return done


@router.get("/workflows/{workflow_id}/numbers")
async def step_numbers(
    workflow_id: str,
    book: Book,
    caller: AnyCaller,
    period: Literal["24h", "7d", "30d"] = "7d",
) -> WorkflowNumbers:
    """How many runs entered each step, and what came of them there."""
    return await numbers.numbers_of(book, caller.workspace_id, workflow_id, period)
