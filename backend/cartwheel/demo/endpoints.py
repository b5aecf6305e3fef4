"""The demo shop over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.demo import service
from cartwheel.demo.schemas import DemoShopChange, DemoShopState

router = APIRouter(prefix="/api/demo", tags=["demo"])
Book = Annotated[Database, Depends(database)]


@router.get("")
async def get_demo_shop(book: Book, caller: AnyCaller) -> DemoShopState:
    """Whether the demo shop is open."""
    return await service.shop_state(book, caller.workspace_id)


@router.post("")
async def change_demo_shop(body: DemoShopChange, book: Book, caller: AnyCaller) -> DemoShopState:
    """Open or close the demo shop. Open, it makes orders, carts, payments, parcels and customers
    until it is closed; its events have the source `demo`, and reach nobody."""
    return await service.change_shop(
        book, caller.workspace_id, on=body.on, per_minute=body.per_minute
    )
