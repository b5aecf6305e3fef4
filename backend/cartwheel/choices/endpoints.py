"""Choices over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cartwheel.accounts.caller import AnyCaller
from cartwheel.choices import service
from cartwheel.choices.schemas import ChoiceList
from cartwheel.connections.endpoints import Desk
from cartwheel.database import Database, database

router = APIRouter(prefix="/api/choices", tags=["catalog"])


@router.get("/{name}")
async def list_choices(
    name: str,
    book: Annotated[Database, Depends(database)],
    connections: Desk,
    caller: AnyCaller,
    node_type: Annotated[str, Query(max_length=120, description="`action.add_tags@1`")],
    connection: Annotated[str | None, Query(max_length=64)] = None,
    search: Annotated[str, Query(max_length=100)] = "",
) -> ChoiceList:
    """What a setting with `x-choices` could be, such as the tags that the shop knows.

    Asked of the connection that the step would use; with the sandbox, seen in what happened lately.
    """
    return await service.choices_for(
        book,
        connections,
        caller.workspace_id,
        service.find_type(node_type),
        name,
        wanted=connection,
        search=search,
    )
