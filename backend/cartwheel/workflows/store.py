"""Reading and writing workflows, their versions, and when each was live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Text, and_, cast, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.accounts.models import Person
from cartwheel.clock import new_id
from cartwheel.database import dump_json
from cartwheel.errors import NotFound
from cartwheel.workflows.models import Activation, Workflow, WorkflowVersion


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ended: the last workflow's change, and its id."""

    updated_at: int
    id: str


async def find_workflow(session: AsyncSession, workspace_id: int, workflow_id: str) -> Workflow:
    """A workflow. Raises `NotFound`."""
    return _present(await _get(session, workspace_id, workflow_id))


async def lock_workflow(
    session: AsyncSession, workspace_id: int, workflow_id: str, *, deleted: bool = False
) -> Workflow:
    """A workflow that nobody else changes before this transaction ends. Raises `NotFound`.

    With `deleted`, also one that was deleted.
    """
    found = await _get(session, workspace_id, workflow_id, locked=True)
    return found if found is not None and deleted else _present(found)


async def _get(
    session: AsyncSession, workspace_id: int, workflow_id: str, *, locked: bool = False
) -> Workflow | None:
    # Only what looks like an id goes into a query: PostgreSQL refuses some characters outright.
    if not (workflow_id.isascii() and workflow_id.isalnum()):
        return None
    return await session.get(Workflow, (workspace_id, workflow_id), with_for_update=locked or None)


def _present(found: Workflow | None) -> Workflow:
    if found is None or found.deleted_at is not None:
        raise NotFound("There is no such workflow here.")
    return found


async def list_workflows(
    session: AsyncSession,
    workspace_id: int,
    search: str,
    label: str | None,
    after: Place | None,
    limit: int,
) -> Sequence[Workflow]:
    """Workflows, last changed first. `search` is part of a name, `label` one of the labels."""
    query = select(Workflow).where(
        Workflow.workspace_id == workspace_id, col(Workflow.deleted_at).is_(None)
    )
    if search:
        query = query.where(col(Workflow.name).icontains(search, autoescape=True))
    if label:
        # A label stands in the list's JSON between quotes, and no other text can hold those.
        written = cast(col(Workflow.labels), Text)
        query = query.where(written.contains(dump_json(label), autoescape=True))
    if after:
        earlier = col(Workflow.updated_at) < after.updated_at
        same = and_(col(Workflow.updated_at) == after.updated_at, col(Workflow.id) < after.id)
        query = query.where(or_(earlier, same))
    newest_first = query.order_by(col(Workflow.updated_at).desc(), col(Workflow.id).desc())
    return (await session.exec(newest_first.limit(limit))).all()


async def labels_in_use(session: AsyncSession, workspace_id: int) -> Sequence[str]:
    """Every label that stands on a workflow."""
    query = select(Workflow.labels).where(
        Workflow.workspace_id == workspace_id, col(Workflow.deleted_at).is_(None)
    )
    lists = await session.exec(query.distinct())
    return sorted({label for labels in lists for label in labels}, key=str.casefold)


# --- versions ------------------------------------------------------------------------------------


async def newest_versions(
    session: AsyncSession, workspace_id: int, workflow_ids: Iterable[str]
) -> Mapping[str, WorkflowVersion]:
    """The newest version of each workflow that has one, by workflow id; no drafts set aside."""
    wanted = (
        WorkflowVersion.workspace_id == workspace_id,
        col(WorkflowVersion.workflow_id).in_(list(workflow_ids)),
        WorkflowVersion.kept == 0,
    )
    newest = (
        select(WorkflowVersion.workflow_id, func.max(WorkflowVersion.number).label("number"))
        .where(*wanted)
        .group_by(WorkflowVersion.workflow_id)
        .subquery()
    )
    is_newest = and_(
        col(WorkflowVersion.workflow_id) == newest.c.workflow_id,
        col(WorkflowVersion.number) == newest.c.number,
    )
    rows = await session.exec(select(WorkflowVersion).join(newest, is_newest).where(*wanted))
    return {version.workflow_id: version for version in rows}


async def list_versions(
    session: AsyncSession, workspace_id: int, workflow_id: str, before: int | None, limit: int
) -> Sequence[WorkflowVersion]:
    """Versions of a workflow, newest first; `before` leaves out that number and newer ones."""
    query = select(WorkflowVersion).where(
        WorkflowVersion.workspace_id == workspace_id, WorkflowVersion.workflow_id == workflow_id
    )
    if before is not None:
        query = query.where(col(WorkflowVersion.number) < before)
    return (
        await session.exec(query.order_by(col(WorkflowVersion.number).desc()).limit(limit))
    ).all()


async def find_version(
    session: AsyncSession, workspace_id: int, workflow_id: str, number: int
) -> WorkflowVersion:
    """One version of a workflow. Raises `NotFound`."""
    found = await session.get(WorkflowVersion, (workspace_id, workflow_id, number))
    if found is None:
        raise NotFound(f"This workflow has no version {number}.")
    return found


async def newest_of_all(
    session: AsyncSession, workspace_id: int, workflow_id: str
) -> WorkflowVersion | None:
    """The version with the highest number, a draft that was set aside among them."""
    found = await list_versions(session, workspace_id, workflow_id, None, 1)
    return found[0] if found else None


async def names_of_people(
    session: AsyncSession, workspace_id: int, person_ids: Iterable[str]
) -> Mapping[str, str]:
    """What to call people, by their ids."""
    people = await session.exec(
        select(Person).where(
            Person.workspace_id == workspace_id, col(Person.id).in_(list(person_ids))
        )
    )
    return {person.id: person.name or person.email or "" for person in people}


# --- activations ---------------------------------------------------------------------------------


async def open_activations(
    session: AsyncSession, workspace_id: int, workflow_id: str
) -> Sequence[Activation]:
    """What is live now of a workflow: one row, or none."""
    query = select(Activation).where(
        Activation.workspace_id == workspace_id,
        Activation.workflow_id == workflow_id,
        col(Activation.live_until).is_(None),
    )
    return (await session.exec(query)).all()


async def go_live(
    session: AsyncSession,
    version: WorkflowVersion,
    event_type: str,
    now: int,
    *,
    gated: bool = False,
) -> None:
    """Events received from `now` on (milliseconds) go to this version, and to no other one.

    Nothing changes when exactly this is live already.
    """
    for live in await open_activations(session, version.workspace_id, version.workflow_id):
        if live.version == version.number and live.event_type == event_type:
            return
        live.live_until = now
        session.add(live)
    session.add(
        Activation(
            workspace_id=version.workspace_id,
            id=new_id(),
            workflow_id=version.workflow_id,
            version=version.number,
            event_type=event_type,
            live_from=now,
            gated=int(gated),
        )
    )


async def end_live(session: AsyncSession, workspace_id: int, workflow_id: str, now: int) -> None:
    """Events received from `now` on (milliseconds) start no runs of this workflow."""
    for live in await open_activations(session, workspace_id, workflow_id):
        live.live_until = now
        session.add(live)
