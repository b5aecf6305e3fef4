"""Simulations over HTTP. Nothing that is asked here changes anything anywhere."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.simulation import rehearsal, service
from cartwheel.simulation.rehearsal_schemas import Rehearsal, RehearsalRequest, RehearsedRuns
from cartwheel.simulation.schemas import GraphSimulation, SimulationResult, WorkflowSimulation

router = APIRouter(prefix="/api/workflows", tags=["simulation"])
Book = Annotated[Database, Depends(database)]


@router.post("/simulate")
async def simulate_graph(body: GraphSimulation, book: Book, caller: AnyCaller) -> SimulationResult:
    """Play a scenario on a graph that need not be saved. Nothing is sent."""
    return await service.simulate_graph(book, caller.workspace_id, body.graph, body)


@router.post("/{workflow_id}/simulate")
async def simulate_workflow(
    workflow_id: str, body: WorkflowSimulation, book: Book, caller: AnyCaller
) -> SimulationResult:
    """Play a scenario on a workflow's draft or on its live version. Nothing is sent."""
    return await service.simulate_workflow(book, caller.workspace_id, workflow_id, body)


@router.post("/{workflow_id}/rehearse")
async def rehearse_workflow(
    workflow_id: str, book: Book, caller: AnyCaller, body: RehearsalRequest | None = None
) -> Rehearsal:
    """Play stored events on the draft and on the live version, and tell what differs. Nothing is
    sent, and no run begins. Where nothing is live, it tells all that the draft would have done.

    Answers of the outside are each step's sample, tables are as they are now, and steps that wait
    for an event hear what the same customer did afterwards. A page takes some seconds at most."""
    return await rehearsal.rehearse(
        book, caller.workspace_id, workflow_id, body or RehearsalRequest()
    )


@router.post("/{workflow_id}/rehearse/{event_id}")
async def rehearse_event(
    workflow_id: str, event_id: str, book: Book, caller: AnyCaller
) -> RehearsedRuns:
    """Play one stored event on the draft and on the live version, and show both runs in full.
    Nothing is sent, and no run begins."""
    return await rehearsal.rehearse_event(book, caller.workspace_id, workflow_id, event_id)
