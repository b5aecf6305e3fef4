"""What people may ask of runs: find, look, cancel, start by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.database import Database
from cartwheel.errors import Conflict, NotFound
from cartwheel.events.models import Event
from cartwheel.runs.call_links import caller_of, calls_of
from cartwheel.runs.cancelling import cancel_runs
from cartwheel.runs.demo_transport import DEMO
from cartwheel.runs.models import Run, Step
from cartwheel.runs.progress import progress_of, with_progress
from cartwheel.runs.schemas import RunDetail, RunEvent, RunPage, RunSummary, run_fields, step_shape
from cartwheel.runs.standing import standing_of, standings
from cartwheel.runs.tokens import RunStatus
from cartwheel.runs.waited_for import awaited_by_step, awaited_next
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.models import Workflow, WorkflowVersion

ENDED = (RunStatus.SUCCEEDED.value, RunStatus.CANCELLED.value)
OPEN = (
    RunStatus.QUEUED.value,
    RunStatus.RUNNING.value,
    RunStatus.WAITING.value,
    RunStatus.PAUSED.value,
)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are meant. `search` looks in labels ("#1042") and contacts; `after` is an id."""

    workflow_id: str | None = None
    status: str | None = None
    contact: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    after: str | None = None
    search: str | None = None


async def list_runs(
    database: Database, workspace_id: int, wanted: RunFilter, cursor: str | None, limit: int
) -> RunPage:
    """Runs, newest first. The cursor is the last run's id."""
    query = select(Run).where(Run.workspace_id == workspace_id, *_conditions(wanted))
    if cursor:
        query = query.where(col(Run.id) < cursor)
    async with database.read() as session:
        runs = (await session.exec(query.order_by(col(Run.id).desc()).limit(limit + 1))).all()
        names = await _workflow_names(session, workspace_id, {run.workflow_id for run in runs})
        demo = await _demo_events(session, workspace_id, {run.event_id for run in runs})
        entries = await standings(session, workspace_id, [run.id for run in runs])
        awaited = await awaited_next(session, workspace_id, runs)
    items = [
        RunSummary(
            **run_fields(
                run,
                names.get(run.workflow_id, ""),
                demo=run.event_id in demo,
                awaited=awaited.get(run.id),
            ),
            entry=entries.get(run.id),
        )
        for run in runs[:limit]
    ]
    return RunPage(items=items, next=items[-1].id if len(runs) > limit else None)


def _conditions(wanted: RunFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.workflow_id:
        conditions.append(Run.workflow_id == wanted.workflow_id)
    if wanted.status:
        conditions.append(Run.status == wanted.status)
    if wanted.contact:
        conditions.append(Run.contact == wanted.contact)
    if wanted.since_ms is not None:
        conditions.append(Run.created_at >= wanted.since_ms)
    if wanted.after:
        conditions.append(col(Run.id) > wanted.after)
    if wanted.until_ms is not None:
        conditions.append(Run.created_at < wanted.until_ms)
    if wanted.search:
        conditions.append(matches(wanted.search, Run.label, Run.contact))
    return conditions


def matches(search: str, *columns: Any) -> Any:
    """Whether one of the columns holds the text, as people type it: "#1042", part of an address."""
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(col(column).ilike(f"%{escaped}%", escape="\\") for column in columns))


async def tally_runs(database: Database, workspace_id: int, wanted: RunFilter) -> dict[str, int]:
    """How many of the runs that the filter lets through are in which state."""
    query = (
        select(Run.status, func.count())
        .where(Run.workspace_id == workspace_id, *_conditions(wanted))
        .group_by(Run.status)
    )
    async with database.read() as session:
        return dict((await session.exec(query)).all())


async def find_run_ids(
    database: Database, workspace_id: int, wanted: RunFilter, limit: int
) -> Sequence[str]:
    """The oldest runs that the filter lets through."""
    query = select(Run.id).where(Run.workspace_id == workspace_id, *_conditions(wanted))
    async with database.read() as session:
        return (await session.exec(query.order_by(col(Run.id)).limit(limit))).all()


async def _workflow_names(
    session: AsyncSession, workspace_id: int, ids: set[str]
) -> dict[str, str]:
    rows = await session.exec(
        select(Workflow.id, Workflow.name).where(
            Workflow.workspace_id == workspace_id, col(Workflow.id).in_(ids)
        )
    )
    return dict(rows.all())


async def _demo_events(session: AsyncSession, workspace_id: int, ids: set[str]) -> set[str]:
    """Those of the events that the demo shop made up."""
    rows = await session.exec(
        select(Event.id).where(
            Event.workspace_id == workspace_id, col(Event.id).in_(ids), Event.source == DEMO
        )
    )
    return set(rows.all())


async def get_run(database: Database, workspace_id: int, run_id: str) -> RunDetail:
    """A run with all that is shown of it. Raises `NotFound`."""
    async with database.read() as session:
        run = await _find(session, workspace_id, run_id)
        names = await _workflow_names(session, workspace_id, {run.workflow_id})
        version = await session.get_one(
            WorkflowVersion, (workspace_id, run.workflow_id, run.version)
        )
        event = await session.get_one(Event, (workspace_id, run.event_id))
        steps = await session.exec(
            select(Step)
            .where(Step.workspace_id == workspace_id, Step.run_id == run_id)
            .order_by(col(Step.sequence))
        )
        progress = await progress_of(session, run)
        older = await _beside(session, run, col(Run.id) < run.id, col(Run.id).desc())
        newer = await _beside(session, run, col(Run.id) > run.id, col(Run.id))
        waits = await awaited_by_step(session, run)
        name = names.get(run.workflow_id, "")
        awaited = (await awaited_next(session, workspace_id, [run])).get(run.id)
        return RunDetail(
            **run_fields(run, name, demo=event.source == DEMO, awaited=awaited),
            entry=await standing_of(session, workspace_id, run.id),
            older_id=older,
            newer_id=newer,
            called_by=await caller_of(session, run),
            calls=await calls_of(session, run),
            graph=version.graph,
            event=RunEvent(id=event.id, type=event.type, data=event.data),
            steps=[
                with_progress(step_shape(step, waits.get((step.node_id, step.iteration))), progress)
                for step in steps
            ],
        )


async def _beside(session: AsyncSession, run: Run, where: Any, order: Any) -> str | None:
    """The next run of the same workflow in one direction."""
    query = select(Run.id).where(
        Run.workspace_id == run.workspace_id, Run.workflow_id == run.workflow_id, where
    )
    return (await session.exec(query.order_by(order).limit(1))).first()


async def _find(session: AsyncSession, workspace_id: int, run_id: str) -> Run:
    run = await session.get(Run, (workspace_id, run_id))
    if run is None:
        raise NotFound("There is no such run here.")
    return run


async def get_summary(database: Database, workspace_id: int, run_id: str) -> RunSummary:
    """One line of a run. Raises `NotFound`."""
    async with database.read() as session:
        run = await _find(session, workspace_id, run_id)
        names = await _workflow_names(session, workspace_id, {run.workflow_id})
        demo = await _demo_events(session, workspace_id, {run.event_id})
        awaited = await awaited_next(session, workspace_id, [run])
    name = names.get(run.workflow_id, "")
    return RunSummary(**run_fields(run, name, demo=bool(demo), awaited=awaited.get(run.id)))


async def cancel_run(database: Database, workspace_id: int, run_id: str) -> None:
    """End a run now. Its next act is dropped by the fence; what was sent stays sent.

    Raises `NotFound`, and `Conflict` when the run has ended already.
    """
    cancelled = await database.run(cancel_runs(workspace_id, "id", run_id))
    if not cancelled:
        await get_summary(database, workspace_id, run_id)
        raise Conflict("This run has already ended.", code="run_ended")


async def cancel_runs_of(database: Database, workspace_id: int, workflow_id: str) -> int:
    """Cancel every open run of a workflow; returns how many."""
    return len(await database.run(cancel_runs(workspace_id, "workflow_id", workflow_id)))


async def pause_runs_of(database: Database, workspace_id: int, workflow_id: str) -> int:
    """Keep every open run of a workflow where it is until it is resumed."""
    return await database.run(_pause(workspace_id, workflow_id))


def _pause(workspace_id: int, workflow_id: str) -> Transaction[int]:
    rows = yield Sql(
        "UPDATE run SET status = 'paused', fence = fence + 1, wake_at = NULL, lease_by = NULL, "
        "lease_until = NULL WHERE workspace_id = $1 AND workflow_id = $2 "
        "AND status IN ('queued', 'running', 'waiting') RETURNING id",
        (workspace_id, workflow_id),
    )
    return len(rows)
