"""From a run to the run that called it, and to those that it called."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.runs.models import Run
from cartwheel.runs.schemas import CallLink
from cartwheel.workflows.models import Workflow

MOST = 1_000


async def caller_of(session: AsyncSession, run: Run) -> CallLink | None:
    """The run whose step waits, or waited, for this one."""
    if run.parent_run_id is None:
        return None
    caller = await session.get(Run, (run.workspace_id, run.parent_run_id))
    if caller is None:  # Its time to be kept is over.
        return None
    workflow = await session.get_one(Workflow, (run.workspace_id, caller.workflow_id))
    return _link(run, caller, workflow.name)


async def calls_of(session: AsyncSession, run: Run) -> list[CallLink]:
    """The runs that the steps of a run called, the oldest first."""
    found = await session.exec(
        select(Run, Workflow.name)
        .join(
            Workflow,
            (col(Workflow.workspace_id) == col(Run.workspace_id))
            & (col(Workflow.id) == col(Run.workflow_id)),
        )
        .where(Run.workspace_id == run.workspace_id, Run.parent_run_id == run.id)
        .order_by(col(Run.parent_token))
        .limit(MOST)
    )
    return [_link(called, called, name) for called, name in found]


def _link(called: Run, other: Run, name: str) -> CallLink:
    """The step is told by the called run, whichever side is looked at."""
    return CallLink(
        node_id=called.parent_node or "",
        iteration=called.parent_iteration or "",
        run_id=other.id,
        workflow_id=other.workflow_id,
        workflow_name=name,
        status=other.status,
    )
