"""Batches over HTTP: count, start, watch, steer."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.batches import service
from cartwheel.batches.schemas import BatchList, BatchShape, Count, Selection
from cartwheel.database import Database, database

router = APIRouter(prefix="/api", tags=["runs"])
Book = Annotated[Database, Depends(database)]


@router.post("/workflows/{workflow_id}/batches/count")
async def count_batch(workflow_id: str, body: Selection, book: Book, caller: AnyCaller) -> Count:
    """How many records would be started. Nothing is."""
    return await service.count_batch(book, caller.workspace_id, workflow_id, body)


@router.post("/workflows/{workflow_id}/batches", status_code=status.HTTP_202_ACCEPTED)
async def start_batch(
    workflow_id: str, body: Selection, book: Book, caller: AnyCaller
) -> BatchShape:
    """Start a workflow on many records, each once, the newest first, behind fresh events."""
    return await service.start_batch(book, caller.workspace_id, workflow_id, body)


@router.get("/workflows/{workflow_id}/batches")
async def list_batches(workflow_id: str, book: Book, caller: AnyCaller) -> BatchList:
    """The workflow's last batches."""
    return await service.list_batches(book, caller.workspace_id, workflow_id)


@router.get("/batches/{batch_id}")
async def get_batch(batch_id: str, book: Book, caller: AnyCaller) -> BatchShape:
    """How far a batch has come."""
    return await service.get_batch(book, caller.workspace_id, batch_id)


@router.post("/batches/{batch_id}/pause")
async def pause_batch(batch_id: str, book: Book, caller: AnyCaller) -> BatchShape:
    """Start nothing more of it until it is resumed."""
    return await service.pause_batch(book, caller.workspace_id, batch_id)


@router.post("/batches/{batch_id}/resume")
async def resume_batch(batch_id: str, book: Book, caller: AnyCaller) -> BatchShape:
    """Go on where it stood."""
    return await service.resume_batch(book, caller.workspace_id, batch_id)


@router.post("/batches/{batch_id}/stop")
async def stop_batch(batch_id: str, book: Book, caller: AnyCaller) -> BatchShape:
    """End it. What it started goes on."""
    return await service.stop_batch(book, caller.workspace_id, batch_id)
