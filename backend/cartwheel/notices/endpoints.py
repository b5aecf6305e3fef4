"""Troubles, and the letters about them, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from cartwheel.accounts.caller import AnyCaller, Caller, needs
from cartwheel.accounts.models import Role
from cartwheel.catalog.registry import load_registry
from cartwheel.database import Database, database
from cartwheel.notices import service, store
from cartwheel.notices.schemas import (
    NoticeRule,
    NoticeSettings,
    NoticeWish,
    TestLetter,
    TroubleList,
)
from cartwheel.proofs.schemas import ProofShape
from cartwheel.settings import Settings

router = APIRouter(prefix="/api", tags=["notices"])
Book = Annotated[Database, Depends(database)]
Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]


@router.get("/troubles")
async def list_troubles(book: Book, caller: AnyCaller) -> TroubleList:
    """Workflows of which many runs fail, and connections that are not accepted any more."""
    return await service.list_troubles(book, caller.workspace_id)


@router.get("/notices")
async def read_notices(book: Book, caller: AnyCaller) -> NoticeSettings:
    """When somebody gets a letter about failures, and who."""
    return await service.read_settings(book, load_registry(), caller.workspace_id)


@router.patch("/notices")
async def change_notices(body: NoticeRule, book: Book, caller: Admin) -> NoticeSettings:
    """Change when somebody gets a letter."""
    await book.run(store.set_failures(caller.workspace_id, body.failures))
    return await read_notices(book, caller)


@router.put("/notices/people/{person_id}")
async def set_notice_wish(
    person_id: str, body: NoticeWish, book: Book, caller: AnyCaller
) -> NoticeSettings:
    """Say whether you want the letters; for somebody else an administrator may."""
    await service.set_wish(book, caller, person_id, body)
    return await read_notices(book, caller)


@router.post("/notices/test", status_code=status.HTTP_202_ACCEPTED)
async def send_test_letter(
    body: TestLetter, book: Book, caller: AnyCaller, request: Request
) -> ProofShape:
    """Send yourself a letter as one about failures would come; see /api/proofs for its way."""
    settings: Settings = request.app.state.settings
    registry = load_registry()
    return await service.send_test_letter(book, registry, caller, settings.base_url, body.press)
