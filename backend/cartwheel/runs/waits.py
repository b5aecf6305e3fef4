"""Where runs wait, and ending a wait by hand."""

from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database
from cartwheel.errors import Conflict, NotFound
from cartwheel.runs.schemas import WaitingStep
from cartwheel.runs.tokens import RunStatus, TokenState
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.store import find_workflow


async def list_waits(database: Database, workspace_id: int, workflow_id: str) -> list[WaitingStep]:
    """How many runs of a workflow wait at which step, and when the first goes on by itself.

    Raises `NotFound` for an unknown workflow.
    """
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    rows = await database.fetch(
        Sql(
            "SELECT token.node_id, count(*), min(token.wake_at) FROM run "
            "JOIN token ON token.workspace_id = run.workspace_id AND token.run_id = run.id "
            "WHERE run.workspace_id = $1 AND run.workflow_id = $2 AND run.status = $3 "
            "AND token.state = $4 GROUP BY token.node_id ORDER BY count(*) DESC",
            (workspace_id, workflow_id, RunStatus.WAITING.value, TokenState.WAITING.value),
        )
    )
    return [
        WaitingStep(node_id=node_id, count=count, next_at=None if at is None else rfc3339(at))
        for node_id, count, at in (tuple(row) for row in rows)
    ]


async def release_wait(
    database: Database, workspace_id: int, run_id: str, node_id: str, iteration: str
) -> None:
    """Let a run go on from a step as if its time had come.

    Raises `NotFound` for an unknown run and `Conflict` where nothing waits for a time.
    """
    outcome = await database.run(_release(workspace_id, run_id, node_id, iteration))
    if outcome is None:
        raise NotFound("There is no such run here.")
    if not outcome:
        raise Conflict("This step does not wait for a time. Look again.", code="not_waiting")


def _release(
    workspace_id: int, run_id: str, node_id: str, iteration: str
) -> Transaction[bool | None]:
    """The token is due now, and so is its run; a worker wakes it like any other."""
    now = now_ms()
    known = yield Sql(
        "SELECT 1 FROM run WHERE workspace_id = $1 AND id = $2", (workspace_id, run_id)
    )
    if not known:
        return None
    due = yield Sql(
        "UPDATE token SET wake_at = $5 WHERE workspace_id = $1 AND run_id = $2 AND node_id = $3 "
        "AND iteration = $4 AND state = $6 AND wake_at IS NOT NULL RETURNING id",
        (workspace_id, run_id, node_id, iteration, now, TokenState.WAITING.value),
    )
    if not due:
        return False
    yield Sql(
        "UPDATE run SET wake_at = $3 WHERE workspace_id = $1 AND id = $2 AND status = $4 "
        "RETURNING id",
        (workspace_id, run_id, now, RunStatus.WAITING.value),
    )
    return True
