"""Switching off: one workflow, or everything at once."""

from cartwheel.database import Database
from cartwheel.runs.schemas import Deactivated, PausedEverything, Waiting
from cartwheel.runs.service import cancel_runs_of, pause_runs_of
from cartwheel.statements import Sql
from cartwheel.workflows import service as workflows


async def switch_off(
    database: Database, workspace_id: int, workflow_id: str, waiting: Waiting
) -> Deactivated:
    """Stop new starts of a workflow; `waiting` says what becomes of the runs under way.

    Raises `NotFound`.
    """
    state = await workflows.deactivate(database, workspace_id, workflow_id)
    changed = 0
    if waiting == "cancel":
        changed = await cancel_runs_of(database, workspace_id, workflow_id)
    elif waiting == "pause":
        changed = await pause_runs_of(database, workspace_id, workflow_id)
    return Deactivated(state=state, runs_changed=changed)


async def pause_everything(
    database: Database, workspace_id: int, waiting: Waiting
) -> PausedEverything:
    """Switch off every workflow that is on. Workflow by workflow: what was switched off stays so
    if the rest cannot be, and asking again does the rest."""
    active = await database.fetch(
        Sql(
            "SELECT id FROM workflow WHERE workspace_id = $1 AND state = 'active' "
            "AND deleted_at IS NULL ORDER BY id",
            (workspace_id,),
        )
    )
    done = [await switch_off(database, workspace_id, each, waiting) for (each,) in active]
    return PausedEverything(
        workflows=len(done), runs_changed=sum(each.runs_changed for each in done)
    )
