"""What can be asked of the catalogue."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from cartwheel.accounts.caller import AnyCaller
from cartwheel.catalog.listing import Listing, app_listing, node_type_listing
from cartwheel.catalog.schemas import AppList, NodeTypeList
from cartwheel.languages import preferred

router = APIRouter(prefix="/api", tags=["catalog"])
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since the answer that carried this ETag."}
}
Known = Annotated[str | None, Header(alias="If-None-Match")]
Asked = Annotated[
    str | None,
    Header(
        alias="Accept-Language",
        description="All words are then in this language; without it, English and `translations`",
    ),
]


@router.get("/node-types", response_model=NodeTypeList, responses=_UNCHANGED)
async def list_node_types(
    caller: AnyCaller,  # noqa: ARG001
    known: Known = None,
    asked: Asked = None,
) -> Response:
    """The catalogue: every kind of step, with its form, its output, its ports and samples."""
    return _answer(await asyncio.to_thread(node_type_listing, _language(asked)), known)


@router.get("/apps", response_model=AppList, responses=_UNCHANGED)
async def list_apps(
    caller: AnyCaller,  # noqa: ARG001
    known: Known = None,
    asked: Asked = None,
) -> Response:
    """Every app that can be connected, with the form of its connections."""
    return _answer(await asyncio.to_thread(app_listing, _language(asked)), known)


def _language(asked: str | None) -> str | None:
    return preferred(asked) if asked else None


def _answer(listing: Listing, known: str | None) -> Response:
    headers = {
        "ETag": listing.etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Language",
    }
    # GZip on the way out weakens the tag for the browser, so the bare value is what counts.
    if known is not None and listing.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(listing.body, media_type="application/json", headers=headers)
