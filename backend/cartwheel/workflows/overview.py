"""What can be seen of workflows: the list, one with its problems, its versions, its variables."""

from collections.abc import Sequence

from cartwheel.catalog.registry import load_registry
from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.workflows import store
from cartwheel.workflows.drafts import same_graph
from cartwheel.workflows.graph import parse_graph
from cartwheel.workflows.inspection import Inspection, inspect_draft, inspect_graph
from cartwheel.workflows.known import Known, known_to
from cartwheel.workflows.models import Workflow, WorkflowVersion
from cartwheel.workflows.schemas import (
    LabelList,
    ProblemList,
    VariableList,
    VersionDetail,
    VersionPage,
    VersionSummary,
    WorkflowDetail,
    WorkflowPage,
    WorkflowSummary,
    problem_shape,
    variable_shape,
    version_fields,
    workflow_fields,
)
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.variables import variables_for


async def list_workflows(
    database: Database,
    workspace_id: int,
    search: str,
    label: str | None,
    cursor: str | None,
    limit: int,
) -> WorkflowPage:
    """A page of workflows, last changed first. Raises `Invalid` for a cursor that is not ours."""
    after = _read_cursor(cursor) if cursor else None
    async with database.read() as session:
        found = await store.list_workflows(session, workspace_id, search, label, after, limit + 1)
        page = found[:limit]
        versions = await store.newest_versions(session, workspace_id, [each.id for each in page])
    known = await known_to(database, workspace_id)
    items = [await _summary(each, versions.get(each.id), known) for each in page]
    return WorkflowPage(items=items, next=_cursor(page[-1]) if len(found) > limit else None)


async def list_labels(database: Database, workspace_id: int) -> LabelList:
    """Every label that stands on a workflow."""
    async with database.read() as session:
        return LabelList(items=[*await store.labels_in_use(session, workspace_id)])


async def get_workflow(database: Database, workspace_id: int, workflow_id: str) -> WorkflowDetail:
    """A workflow with its draft and all that is wrong with it. Raises `NotFound`."""
    async with database.read() as session:
        workflow = await store.find_workflow(session, workspace_id, workflow_id)
        versions = await store.newest_versions(session, workspace_id, [workflow_id])
    seen = await inspect(workflow, await known_to(database, workspace_id))
    return WorkflowDetail(
        **workflow_fields(workflow, seen, _has_changes(workflow, versions.get(workflow_id))),
        graph=workflow.draft,
        problem_list=[problem_shape(problem) for problem in seen.problems],
    )


async def validate_graph(database: Database, workspace_id: int, graph: Json) -> ProblemList:
    """Everything wrong with a graph that need not be saved."""
    seen = await inspect_graph(graph, await known_to(database, workspace_id))
    return ProblemList(problems=[problem_shape(problem) for problem in seen.problems])


async def inspect(workflow: Workflow, known: Known) -> Inspection:
    """The problems of a workflow's draft and what its card shows."""
    return await inspect_draft(
        workflow.workspace_id, workflow.id, workflow.revision, workflow.draft, known
    )


async def _summary(
    workflow: Workflow, newest: WorkflowVersion | None, known: Known
) -> WorkflowSummary:
    seen = await inspect(workflow, known)
    return WorkflowSummary(**workflow_fields(workflow, seen, _has_changes(workflow, newest)))


def _has_changes(workflow: Workflow, newest: WorkflowVersion | None) -> bool:
    return newest is not None and not same_graph(workflow.draft, newest.graph)


def _cursor(last: Workflow) -> str:
    return f"{last.updated_at}-{last.id}"


def _read_cursor(cursor: str) -> store.Place:
    updated_at, _, workflow_id = cursor.partition("-")
    is_ours = updated_at.isdecimal() and len(updated_at) < 16 and workflow_id.isalnum()
    if not (is_ours and cursor.isascii()):
        raise Invalid("This cursor is not one of ours. Use the `next` of the page before.")
    return store.Place(int(updated_at), workflow_id)


# --- versions ------------------------------------------------------------------------------------


async def list_versions(
    database: Database, workspace_id: int, workflow_id: str, before: int | None, limit: int
) -> VersionPage:
    """A page of a workflow's versions, newest first. Raises `NotFound`."""
    async with database.read() as session:
        workflow = await store.find_workflow(session, workspace_id, workflow_id)
        found = await store.list_versions(session, workspace_id, workflow_id, before, limit + 1)
        page = found[:limit]
        names = await store.names_of_people(session, workspace_id, _authors(page))
    items = [
        VersionSummary(
            **version_fields(
                each, names.get(each.created_by or ""), each.number == workflow.active_version
            )
        )
        for each in page
    ]
    return VersionPage(items=items, next=str(page[-1].number) if len(found) > limit else None)


async def get_version(
    database: Database, workspace_id: int, workflow_id: str, number: int
) -> VersionDetail:
    """One version with its graph. Raises `NotFound`."""
    async with database.read() as session:
        workflow = await store.find_workflow(session, workspace_id, workflow_id)
        version = await store.find_version(session, workspace_id, workflow_id, number)
        names = await store.names_of_people(session, workspace_id, _authors([version]))
    author = names.get(version.created_by or "")
    live = version.number == workflow.active_version
    return VersionDetail(**version_fields(version, author, live), graph=version.graph)


def _authors(versions: Sequence[WorkflowVersion]) -> set[str]:
    return {version.created_by for version in versions if version.created_by}


# --- variables -----------------------------------------------------------------------------------


async def variables_of_draft(
    database: Database, workspace_id: int, workflow_id: str, node_id: str
) -> VariableList:
    """The variables that a step of the draft can use. Raises `NotFound`, `Invalid`."""
    async with database.read() as session:
        workflow = await store.find_workflow(session, workspace_id, workflow_id)
    return await variables_of_graph(database, workspace_id, workflow.draft, node_id)


async def variables_of_graph(
    database: Database, workspace_id: int, source: Json, node_id: str
) -> VariableList:
    """The variables that a step of a graph can use. Raises `Invalid` for an unknown step."""
    graph, _ = parse_graph(source)
    if node_id not in graph.nodes:
        raise Invalid(
            "There is no step with this id in the graph. Choose one of its steps.",
            code="unknown_node",
        )
    known = await known_to(database, workspace_id)
    typed = TypedGraph.of(graph, load_registry(), known.tables)
    return VariableList(items=[variable_shape(each) for each in variables_for(typed, node_id)])
