"""The checklist over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cartwheel.accounts.caller import AnyCaller
from cartwheel.checklist import service
from cartwheel.checklist.schemas import ChecklistChange, ChecklistState
from cartwheel.database import Database, database

router = APIRouter(prefix="/api/checklist", tags=["checklist"])
Book = Annotated[Database, Depends(database)]


@router.get("")
async def get_checklist(book: Book, caller: AnyCaller) -> ChecklistState:
    """The first steps, ticked off by what really happened."""
    return await service.checklist(book, caller.workspace_id)


@router.post("")
async def change_checklist(body: ChecklistChange, book: Book, caller: AnyCaller) -> ChecklistState:
    """Put the list away or take it out again, or tell that a workflow was tried out."""
    return await service.change_checklist(
        book, caller.workspace_id, dismissed=body.dismissed, tested=bool(body.tested)
    )
