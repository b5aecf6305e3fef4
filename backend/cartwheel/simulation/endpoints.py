"""Simulations over HTTP. Nothing that is asked here changes anything anywhere."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.simulation import service
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
