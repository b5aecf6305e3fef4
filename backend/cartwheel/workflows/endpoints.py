"""What can be asked of workflows. Switching off and running stand in `runs.endpoints`, trying out
in `simulation.endpoints`: both know more than a workflow does."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, status

from cartwheel.accounts.caller import AnyCaller
from cartwheel.database import Database, database
from cartwheel.web.problems import PROBLEM_JSON
from cartwheel.workflows import files, overview, recent, service
from cartwheel.workflows.schemas import (
    Activated,
    ActivationRequest,
    DraftSave,
    GraphToCheck,
    LabelList,
    NewWorkflow,
    ProblemList,
    RecentDays,
    SavedDraft,
    VariableList,
    VariablesRequest,
    VersionChange,
    VersionDetail,
    VersionPage,
    VersionSummary,
    WorkflowChange,
    WorkflowDetail,
    WorkflowFile,
    WorkflowImport,
    WorkflowPage,
)

router = APIRouter(prefix="/api/workflows", tags=["workflows"])
Book = Annotated[Database, Depends(database)]
NOTHING_TO_COPY: dict[int | str, dict[str, Any]] = {
    404: {
        "description": "There is no such workflow to copy.",
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
Limit = Annotated[int, Query(ge=1, le=100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
async def list_workflows(
    book: Book,
    caller: AnyCaller,
    search: Annotated[str, Query(max_length=120, pattern=r"^[^\x00]*$")] = "",
    label: Annotated[str | None, Query(max_length=30, pattern=r"^[^\x00]*$")] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> WorkflowPage:
    """Workflows, last changed first. `search` looks in their names, `label` takes those that
    carry it."""
    return await overview.list_workflows(book, caller.workspace_id, search, label, cursor, limit)


@router.post("", status_code=status.HTTP_201_CREATED, responses=NOTHING_TO_COPY)
async def create_workflow(body: NewWorkflow, book: Book, caller: AnyCaller) -> WorkflowDetail:
    """Begin a workflow: empty, with a graph, or as a copy of another one."""
    if body.copy_of is not None:
        return await service.copy_workflow(book, caller.workspace_id, body.copy_of, body.name)
    return await service.create_workflow(book, caller.workspace_id, body.name or "", body.graph)


@router.post("/validate")
async def validate_graph(body: GraphToCheck, book: Book, caller: AnyCaller) -> ProblemList:
    """Everything wrong with a graph, whether it is saved or not. Nothing is kept."""
    return await overview.validate_graph(book, caller.workspace_id, body.graph)


@router.post("/variables")
async def variables_of_graph(body: VariablesRequest, book: Book, caller: AnyCaller) -> VariableList:
    """The variables that a step of a graph can use, whether it is saved or not."""
    return await overview.variables_of_graph(book, caller.workspace_id, body.graph, body.node_id)


@router.get("/labels")
async def list_labels(book: Book, caller: AnyCaller) -> LabelList:
    """Every label that stands on a workflow."""
    return await overview.list_labels(book, caller.workspace_id)


@router.get("/recent")
async def recent_runs(
    book: Book, caller: AnyCaller, days: Annotated[int, Query(ge=1, le=31)] = 7
) -> RecentDays:
    """How many runs each workflow began on each of the last days, and how many failed."""
    return await recent.recent_runs(book, caller.workspace_id, days)


@router.post("/import", status_code=status.HTTP_201_CREATED)
async def import_workflow(body: WorkflowImport, book: Book, caller: AnyCaller) -> WorkflowDetail:
    """Begin a workflow with a file: an exported one, a graph, or steps copied on the canvas."""
    return await files.import_workflow(book, caller.workspace_id, body.document)


@router.get("/{workflow_id}/export")
async def export_workflow(workflow_id: str, book: Book, caller: AnyCaller) -> WorkflowFile:
    """The draft as a file to keep or share, without accounts, keys and customers' data."""
    return await files.export_workflow(book, caller.workspace_id, workflow_id)


@router.get("/{workflow_id}")
async def get_workflow(workflow_id: str, book: Book, caller: AnyCaller) -> WorkflowDetail:
    """A workflow with its draft and all that is wrong with it."""
    return await overview.get_workflow(book, caller.workspace_id, workflow_id)


@router.patch("/{workflow_id}")
async def change_workflow(
    workflow_id: str, body: WorkflowChange, book: Book, caller: AnyCaller
) -> WorkflowDetail:
    """Rename a workflow, or put other labels on it."""
    return await service.change_workflow(
        book, caller.workspace_id, workflow_id, body.name, body.labels
    )


@router.delete("/{workflow_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_workflow(workflow_id: str, book: Book, caller: AnyCaller) -> None:
    """Switch a workflow off and take it away; `undelete` brings it back."""
    await service.delete_workflow(book, caller.workspace_id, workflow_id)


@router.post("/{workflow_id}/undelete")
async def undelete_workflow(workflow_id: str, book: Book, caller: AnyCaller) -> WorkflowDetail:
    """Bring a deleted workflow back, switched off."""
    return await service.undelete_workflow(book, caller.workspace_id, workflow_id)


@router.put("/{workflow_id}/draft")
async def save_draft(
    workflow_id: str, body: DraftSave, book: Book, caller: AnyCaller
) -> SavedDraft:
    """Save the draft; mistakes in it are told, not refused. 409 when somebody else saved."""
    return await service.save_draft(
        book, caller.workspace_id, workflow_id, body.graph, body.revision
    )


@router.post("/{workflow_id}/activate")
async def activate(
    workflow_id: str, book: Book, caller: AnyCaller, body: ActivationRequest | None = None
) -> Activated:
    """Publish the draft as a version that receives events from now on; 422 with its problems."""
    return await service.activate(
        book,
        caller.workspace_id,
        workflow_id,
        caller.person_id,
        body.revision if body else None,
    )


@router.get("/{workflow_id}/variables")
async def variables_of_draft(
    workflow_id: str,
    book: Book,
    caller: AnyCaller,
    node_id: Annotated[str, Query(max_length=100)],
) -> VariableList:
    """The variables that a step of the draft can use."""
    return await overview.variables_of_draft(book, caller.workspace_id, workflow_id, node_id)


@router.get("/{workflow_id}/versions")
async def list_versions(
    workflow_id: str,
    book: Book,
    caller: AnyCaller,
    cursor: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Limit = 50,
) -> VersionPage:
    """The published versions of a workflow, newest first."""
    return await overview.list_versions(book, caller.workspace_id, workflow_id, cursor, limit)


@router.get("/{workflow_id}/versions/{number}")
async def get_version(
    workflow_id: str, number: Number, book: Book, caller: AnyCaller
) -> VersionDetail:
    """One published version with its graph."""
    return await overview.get_version(book, caller.workspace_id, workflow_id, number)


@router.patch("/{workflow_id}/versions/{number}")
async def name_version(
    workflow_id: str, number: Number, body: VersionChange, book: Book, caller: AnyCaller
) -> VersionSummary:
    """Give a version a name, or take it away with null."""
    return await service.name_version(book, caller.workspace_id, workflow_id, number, body.name)


@router.post("/{workflow_id}/versions/{number}/restore")
async def restore_version(
    workflow_id: str, number: Number, book: Book, caller: AnyCaller
) -> WorkflowDetail:
    """Make a version's graph the draft, and set the draft before it aside as a version of its own;
    what is live stays live."""
    return await service.restore_version(
        book, caller.workspace_id, workflow_id, number, caller.person_id
    )
