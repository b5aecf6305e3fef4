"""What we decide about batches: what they are about, and when they go on."""

from collections.abc import Sequence

from sqlmodel import col, select

from cartwheel.batches import store
from cartwheel.batches.models import Batch, BatchStatus
from cartwheel.batches.schemas import BatchList, BatchShape, Count, Selection, batch_shape
from cartwheel.batches.wanted import HIGHEST_ID, Wanted, candidates, meets
from cartwheel.clock import new_id, now_ms, to_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid, NotFound
from cartwheel.expressions.problems import RuleError
from cartwheel.expressions.rules import compile_rules
from cartwheel.runs.models import Run
from cartwheel.workflows.models import WorkflowState
from cartwheel.workflows.store import find_workflow

MOST_LOOKED_AT = 20_000
"""How many events a count looks through before it says "at least"."""

MOST_SHOWN = 20


async def count_batch(
    database: Database, workspace_id: int, workflow_id: str, given: Selection
) -> Count:
    """How many records a batch would start, without starting any. Raises `NotFound`, `Invalid`."""
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
    wanted = await _wanted(database, workspace_id, given)
    return await _count(database, workspace_id, wanted)


async def start_batch(
    database: Database, workspace_id: int, workflow_id: str, given: Selection
) -> BatchShape:
    """Begin a batch. Raises `NotFound`, `Conflict` for a workflow that is off, `Invalid`."""
    async with database.read() as session:
        workflow = await find_workflow(session, workspace_id, workflow_id)
    if workflow.state != WorkflowState.ACTIVE:
        raise Conflict("Switch the workflow on first; then it can be started by hand.")
    wanted = await _wanted(database, workspace_id, given)
    counted = await _count(database, workspace_id, wanted)
    if not counted.matching:
        raise Invalid(
            "There is nothing to start: no record fits. Choose others, or a longer time.",
            code="nothing_to_start",
        )
    batch = Batch(
        workspace_id=workspace_id, id=new_id(), workflow_id=workflow_id,
        wanted=wanted.document(), cursor=HIGHEST_ID, total=counted.matching, created_at=now_ms(),
    )  # fmt: skip
    async with database.write() as session:
        session.add(batch)
    return batch_shape(batch)


async def _wanted(database: Database, workspace_id: int, given: Selection) -> Wanted:
    if given.matching is None:
        ids = list(given.event_ids or ()) + await _events_of(
            database, workspace_id, given.run_ids or ()
        )
        chosen = sorted(dict.fromkeys(ids))
        return Wanted(event_ids=chosen, most=len(chosen))
    match = given.matching
    if match.rules and match.rules.get("rules"):
        try:
            compile_rules(match.rules)
        except RuleError as error:
            raise Invalid(error.message, code="bad_rules") from None
    return Wanted(
        event_type=match.event_type,
        rules=match.rules,
        since_ms=to_ms(match.since) if match.since else None,
        # What comes in from now on starts the workflow by itself.
        until_ms=min(to_ms(match.until), now_ms()) if match.until else now_ms(),
        most=match.most,
    )


async def _events_of(database: Database, workspace_id: int, run_ids: Sequence[str]) -> list[str]:
    if not run_ids:
        return []
    async with database.read() as session:
        rows = await session.exec(
            select(Run.event_id).where(
                Run.workspace_id == workspace_id, col(Run.id).in_(list(run_ids))
            )
        )
        return list(rows.all())


async def _count(database: Database, workspace_id: int, wanted: Wanted) -> Count:
    workspace = store.facts_of(await database.fetch(store.workspace_facts(workspace_id)))
    matching, looked_at, cursor = 0, 0, HIGHEST_ID
    while looked_at < MOST_LOOKED_AT and matching < wanted.most:
        rows = await database.fetch(candidates(workspace_id, wanted, cursor))
        if not rows:
            return Count(matching=matching, looked_at=looked_at, complete=True)
        cursor = rows[-1][0]
        looked_at += len(rows)
        matching += sum(meets(wanted, row, workspace) for row in rows)
    return Count(
        matching=min(matching, wanted.most), looked_at=looked_at, complete=matching >= wanted.most
    )


# --- looking and steering ---


async def list_batches(database: Database, workspace_id: int, workflow_id: str) -> BatchList:
    """A workflow's last batches, the newest first. Raises `NotFound`."""
    async with database.read() as session:
        await find_workflow(session, workspace_id, workflow_id)
        rows = await session.exec(
            select(Batch)
            .where(Batch.workspace_id == workspace_id, Batch.workflow_id == workflow_id)
            .order_by(col(Batch.id).desc())
            .limit(MOST_SHOWN)
        )
        return BatchList(items=[batch_shape(batch) for batch in rows])


async def get_batch(database: Database, workspace_id: int, batch_id: str) -> BatchShape:
    """One batch. Raises `NotFound`."""
    async with database.read() as session:
        batch = await session.get(Batch, (workspace_id, batch_id))
    if batch is None:
        raise NotFound("There is no such batch here.")
    return batch_shape(batch)


async def pause_batch(database: Database, workspace_id: int, batch_id: str) -> BatchShape:
    """Start nothing more of it until it is resumed. Raises `NotFound`, `Conflict`."""
    return await _change(database, workspace_id, batch_id, BatchStatus.PAUSED, "running")


async def resume_batch(database: Database, workspace_id: int, batch_id: str) -> BatchShape:
    """Go on where it stood. Raises `NotFound`, `Conflict`."""
    return await _change(database, workspace_id, batch_id, BatchStatus.RUNNING, "paused")


async def stop_batch(database: Database, workspace_id: int, batch_id: str) -> BatchShape:
    """End it; what it started goes on. Raises `NotFound`, `Conflict`."""
    return await _change(database, workspace_id, batch_id, BatchStatus.STOPPED, "running", "paused")


async def _change(
    database: Database, workspace_id: int, batch_id: str, status: BatchStatus, *before: str
) -> BatchShape:
    ended = now_ms() if status is BatchStatus.STOPPED else None
    changed = await database.run(
        store.change_batch(workspace_id, batch_id, status.value, before, ended)
    )
    found = await get_batch(database, workspace_id, batch_id)
    if not changed and found.status != status:
        raise Conflict("This batch is already over, or stands still. Look again.")
    return found
