"""What we decide about workflows: their drafts, when they go live, and what becomes of them."""

from collections.abc import Mapping, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import new_id, now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Invalid
from cartwheel.node_sdk import Json
from cartwheel.workflows import store
from cartwheel.workflows.calls import call_problems
from cartwheel.workflows.drafts import EMPTY_GRAPH, require_keepable, same_graph
from cartwheel.workflows.entry import is_gated
from cartwheel.workflows.graph import read_graph
from cartwheel.workflows.known import known_to
from cartwheel.workflows.models import Workflow, WorkflowState, WorkflowVersion
from cartwheel.workflows.overview import get_version, get_workflow, inspect
from cartwheel.workflows.problems import problem_json
from cartwheel.workflows.schemas import (
    Activated,
    SavedDraft,
    VersionSummary,
    WorkflowDetail,
    problem_shape,
)

MAX_NAME_LENGTH = 120


# --- drafts --------------------------------------------------------------------------------------


async def create_workflow(
    database: Database,
    workspace_id: int,
    name: str,
    graph: Mapping[str, Json] | None = None,
    labels: Sequence[str] = (),
) -> WorkflowDetail:
    """A new workflow with a draft. Raises `GraphError` when the graph cannot be kept."""
    draft = dict(EMPTY_GRAPH if graph is None else graph)
    require_keepable(draft)
    now = now_ms()
    workflow = Workflow(
        workspace_id=workspace_id,
        id=new_id(),
        name=name,
        draft=draft,
        labels=[*labels],
        created_at=now,
        updated_at=now,
    )
    async with database.write() as session:
        session.add(workflow)
    return await get_workflow(database, workspace_id, workflow.id)


async def copy_workflow(
    database: Database, workspace_id: int, workflow_id: str, name: str | None
) -> WorkflowDetail:
    """A new workflow that begins with another one's draft. Raises `NotFound`."""
    async with database.read() as session:
        original = await store.find_workflow(session, workspace_id, workflow_id)
    new_name = name or f"{original.name[: MAX_NAME_LENGTH - 7]} (copy)"
    return await create_workflow(database, workspace_id, new_name, original.draft, original.labels)


async def change_workflow(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    name: str | None,
    labels: Sequence[str] | None,
) -> WorkflowDetail:
    """The workflow under another name or other labels; None leaves either. Raises `NotFound`."""
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        workflow.name, workflow.updated_at = name or workflow.name, now_ms()
        if labels is not None:
            workflow.labels = list(dict.fromkeys(labels))
        session.add(workflow)
    return await get_workflow(database, workspace_id, workflow_id)


async def save_draft(
    database: Database, workspace_id: int, workflow_id: str, graph: dict[str, Json], revision: int
) -> SavedDraft:
    """Keep a changed graph, whatever mistakes are in it, and tell them.

    Raises `GraphError` when it cannot be kept at all, `NotFound`, and `Conflict` with the server's
    revision and graph when somebody else saved in the meantime. A repetition of what is saved
    already (its answer got lost on the way) is no conflict.
    """
    require_keepable(graph)
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        if workflow.draft != graph:
            _require_revision(workflow, revision)
            _set_draft(workflow, graph)
            session.add(workflow)
    seen = await inspect(workflow, await known_to(database, workspace_id))
    problems = [problem_shape(problem) for problem in seen.problems]
    return SavedDraft(revision=workflow.revision, problems=problems)


async def restore_version(
    database: Database, workspace_id: int, workflow_id: str, number: int, person_id: str | None
) -> WorkflowDetail:
    """Make a version's graph the draft; a draft that is in no version is set aside as one.

    What is live stays live. Raises `NotFound`.
    """
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        version = await store.find_version(session, workspace_id, workflow_id, number)
        await _set_aside(session, workflow, person_id)
        _set_draft(workflow, version.graph)
        session.add(workflow)
    return await get_workflow(database, workspace_id, workflow_id)


async def name_version(
    database: Database, workspace_id: int, workflow_id: str, number: int, name: str | None
) -> VersionSummary:
    """Call a version something, or nothing. Raises `NotFound`."""
    async with database.write() as session:
        await store.lock_workflow(session, workspace_id, workflow_id)
        version = await store.find_version(session, workspace_id, workflow_id, number)
        version.name = name
        session.add(version)
    return await get_version(database, workspace_id, workflow_id, number)


async def _set_aside(session: AsyncSession, workflow: Workflow, person_id: str | None) -> None:
    """Keep the draft beside the versions, unless it is one of the newest ones or empty."""
    place = (workflow.workspace_id, workflow.id)
    newest = await store.newest_of_all(session, *place)
    published = await store.newest_versions(session, place[0], [place[1]])
    known = [each.graph for each in (newest, published.get(workflow.id)) if each is not None]
    is_empty = not workflow.draft.get("nodes")
    if not is_empty and not any(same_graph(graph, workflow.draft) for graph in known):
        await _add_version(session, workflow, person_id, kept=1)


def _require_revision(workflow: Workflow, revision: int) -> None:
    if workflow.revision != revision:
        raise Conflict(
            "This workflow was changed in the meantime, perhaps in another tab. "
            "Load the newer draft, or keep yours as a copy.",
            code="stale_revision",
            revision=workflow.revision,
            graph=workflow.draft,
        )


def _set_draft(workflow: Workflow, graph: dict[str, Json]) -> None:
    workflow.draft, workflow.updated_at = graph, now_ms()
    workflow.revision += 1


# --- being there ---------------------------------------------------------------------------------


async def delete_workflow(database: Database, workspace_id: int, workflow_id: str) -> None:
    """Take a workflow away and switch it off; runs that wait go on. Raises `NotFound`."""
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        await _switch_off(session, workflow)
        workflow.deleted_at = workflow.updated_at
        session.add(workflow)


async def undelete_workflow(
    database: Database, workspace_id: int, workflow_id: str
) -> WorkflowDetail:
    """Bring a deleted workflow back, switched off. Raises `NotFound`."""
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id, deleted=True)
        if workflow.deleted_at is not None:
            workflow.deleted_at, workflow.updated_at = None, now_ms()
            session.add(workflow)
    return await get_workflow(database, workspace_id, workflow_id)


# --- going live ----------------------------------------------------------------------------------


async def activate(
    database: Database,
    workspace_id: int,
    workflow_id: str,
    person_id: str | None,
    revision: int | None = None,
) -> Activated:
    """Publish the draft and let it receive events from now on.

    A draft that is the same as the newest version makes no new one. With `revision` only that
    draft is published. Raises `Invalid` with the problems that stand in the way, `Conflict` when
    the draft is another one by now, and `NotFound`.
    """
    async with database.read() as session:
        checked = await store.find_workflow(session, workspace_id, workflow_id)
    _require_revision(checked, checked.revision if revision is None else revision)
    await _require_sound(database, checked)
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        _require_revision(workflow, checked.revision)
        version = await _publish(session, workflow, person_id)
        now = now_ms()
        gated = is_gated(read_graph(workflow.draft))
        await store.go_live(session, version, _event_type(workflow.draft), now, gated=gated)
        workflow.state = WorkflowState.ACTIVE.value
        workflow.active_version, workflow.updated_at = version.number, now
        session.add(workflow)
    return Activated(version=version.number)


async def deactivate(database: Database, workspace_id: int, workflow_id: str) -> str:
    """Stop new starts; returns the state. Runs under way are not touched. Raises `NotFound`."""
    async with database.write() as session:
        workflow = await store.lock_workflow(session, workspace_id, workflow_id)
        await _switch_off(session, workflow)
    return workflow.state


async def _switch_off(session: AsyncSession, workflow: Workflow) -> None:
    now = now_ms()
    await store.end_live(session, workflow.workspace_id, workflow.id, now)
    if workflow.state == WorkflowState.ACTIVE:
        workflow.state = WorkflowState.PAUSED.value
    workflow.active_version, workflow.updated_at = None, now
    session.add(workflow)


async def _require_sound(database: Database, workflow: Workflow) -> None:
    seen = await inspect(workflow, await known_to(database, workflow.workspace_id))
    async with database.read() as session:
        calls = await call_problems(session, workflow, load_registry())
    if seen.errors or calls:
        raise Invalid(
            "This workflow cannot be switched on yet: some of its steps need your attention.",
            code="workflow_has_problems",
            problems=[problem_json(problem) for problem in (*calls, *seen.problems)],
        )


async def _publish(
    session: AsyncSession, workflow: Workflow, person_id: str | None
) -> WorkflowVersion:
    """The draft as an immutable version: the newest one, if that is the same, or a new one."""
    versions = await store.newest_versions(session, workflow.workspace_id, [workflow.id])
    newest = versions.get(workflow.id)
    if newest is not None and same_graph(newest.graph, workflow.draft):
        return newest
    return await _add_version(session, workflow, person_id)


async def _add_version(
    session: AsyncSession, workflow: Workflow, person_id: str | None, kept: int = 0
) -> WorkflowVersion:
    newest = await store.newest_of_all(session, workflow.workspace_id, workflow.id)
    version = WorkflowVersion(
        workspace_id=workflow.workspace_id,
        workflow_id=workflow.id,
        number=newest.number + 1 if newest else 1,
        graph=workflow.draft,
        created_at=now_ms(),
        created_by=person_id,
        kept=kept,
    )
    session.add(version)
    await session.flush()
    return version


def _event_type(source: Json) -> str:
    """The event that a sound graph's trigger waits for."""
    trigger = read_graph(source).trigger
    if trigger is None:
        raise AssertionError("a graph without a trigger is not sound")
    declared = load_registry().get(trigger.type, trigger.version).event_type or ""
    setting = declared.removeprefix("$config.")
    return declared if setting == declared else str(trigger.config[setting])
