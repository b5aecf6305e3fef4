"""Workflows that a simulated step calls, as they stand live."""

from cartwheel.catalog.registry import load_registry
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.runs.called import CALLED, NO_VERSION, NOT_CALLABLE, NOT_ON
from cartwheel.runs.plan import compile_plan
from cartwheel.runs.tokens import Failure
from cartwheel.simulation.scenario import Callee, Callees
from cartwheel.simulation.triggers import event_type
from cartwheel.workflows import store as workflows
from cartwheel.workflows.graph import read_graph


def callees_of(database: Database, workspace_id: int) -> Callees:
    """Finds what a workspace's workflows may call; each is read once in a simulation."""
    known: dict[tuple[str, int | None], Callee | Failure] = {}

    async def find(workflow_id: str, version: int | None) -> Callee | Failure:
        wanted = (workflow_id, version)
        if wanted not in known:
            known[wanted] = await _find(database, workspace_id, workflow_id, version)
        return known[wanted]

    return find


async def _find(
    database: Database, workspace_id: int, workflow_id: str, version: int | None
) -> Callee | Failure:
    """The workflow in the version that a run would call, or what a run would say."""
    async with database.read() as session:
        try:
            workflow = await workflows.find_workflow(session, workspace_id, workflow_id)
        except NotFound:
            return NOT_ON
        if workflow.state != "active" or workflow.active_version is None:
            return NOT_ON
        number, name = version or workflow.active_version, workflow.name
        try:
            found = await workflows.find_version(session, workspace_id, workflow_id, number)
        except NotFound:
            return NO_VERSION
        graph = found.graph
    plan = compile_plan(read_graph(graph), load_registry())
    if event_type(plan) != CALLED:
        return NOT_CALLABLE
    return Callee(workflow_id, name, number, plan)
