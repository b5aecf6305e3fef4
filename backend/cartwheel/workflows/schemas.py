"""In what shape workflows are asked for and shown."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cartwheel.clock import rfc3339
from cartwheel.languages.fields import Said, SaidOrNone
from cartwheel.workflows.inspection import Inspection
from cartwheel.workflows.models import Workflow, WorkflowVersion
from cartwheel.workflows.problems import GraphProblem
from cartwheel.workflows.variables import Offer, written

Json = Any
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00]*$"),
]
NAME, LABELS = 120, 10
"""The longest name of a workflow in characters, and the most labels on it."""
Label = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=30, pattern=r"^[^\x00-\x1f]*$"
    ),
]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1, description="The draft you started from")]
GraphJson = Annotated[
    dict[str, Json],
    Field(description='{"schema": 1, "nodes": […], "edges": […], "settings": {…}}'),
]


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class NewWorkflow(Body):
    """A workflow to begin: empty, with a graph, or as a copy (`from` is another one's id)."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    name: Name | None = None
    graph: GraphJson | None = None
    copy_of: str | None = Field(default=None, alias="from", max_length=64)

    @model_validator(mode="after")
    def _one_beginning(self) -> Self:
        if self.name is None and self.copy_of is None:
            raise ValueError("Give the workflow a name.")
        if self.graph is not None and self.copy_of is not None:
            raise ValueError("Send either a graph or the workflow to copy, not both.")
        return self


class WorkflowChange(Body):
    """What to change about a workflow besides its graph: what is left out stays."""

    name: Name | None = None
    labels: Annotated[list[Label], Field(max_length=LABELS)] | None = None


class DraftSave(Body):
    """A changed graph, and the revision it was made from."""

    graph: GraphJson
    revision: Revision


class ActivationRequest(Body):
    """With `revision`, only the draft that the caller has seen is switched on."""

    revision: Revision | None = None


class GraphToCheck(Body):
    """A graph that need not be saved; anything may stand there, and all that is wrong is told."""

    graph: Json


class VariablesRequest(Body):
    """A graph that need not be saved, and the step whose variables are wanted."""

    graph: Json
    node_id: str = Field(max_length=100)


class ProblemShape(BaseModel):
    """One thing to mend; docs/problems.md explains every code."""

    code: str
    severity: Literal["error", "warning"]
    node_id: str | None
    field: str | None = Field(description="JSON pointer into the step's config")
    message: Said
    fix: SaidOrNone


class ProblemList(BaseModel):
    """Everything wrong with a graph, the whole graph's problems first."""

    problems: list[ProblemShape]


class SavedDraft(ProblemList):
    """The draft's new revision and what is wrong with it."""

    revision: int


class ProblemCount(BaseModel):
    """How many problems the draft has."""

    errors: int
    warnings: int


class WorkflowSummary(BaseModel):
    """One card in the list of workflows. Counts and badges are the draft's."""

    id: str
    name: str
    labels: list[str]
    channel: str | None
    state: Literal["draft", "active", "paused"]
    active_version: int | None
    revision: int
    has_changes: bool = Field(description="The draft differs from the newest version")
    uses_sandbox: bool
    problems: ProblemCount
    trigger_type: str | None
    created_at: str
    updated_at: str


class WorkflowDetail(WorkflowSummary):
    """A workflow with its draft and all that is wrong with it."""

    graph: dict[str, Json]
    problem_list: list[ProblemShape]


class WorkflowPage(BaseModel):
    """Some workflows, last changed first; `next` continues the list."""

    items: list[WorkflowSummary]
    next: str | None


class LabelList(BaseModel):
    """Every label that stands on a workflow, in the order of the alphabet."""

    items: list[str]


class WorkflowFile(BaseModel):
    """A workflow as a file, without accounts, keys and customers' data."""

    cartwheel: Literal["workflow"] = "workflow"
    schema_: Literal[1] = Field(default=1, alias="schema")
    name: str
    labels: list[str]
    graph: dict[str, Json]


class WorkflowImport(Body):
    """What a file held, whatever that is: an exported workflow, a graph, or copied steps."""

    document: Json


class RecentRuns(BaseModel):
    """How many runs a workflow began on each day, and how many of them failed."""

    workflow_id: str
    runs: list[int]
    failed: list[int]
    came_in: int | None = Field(
        default=None, description="Events that came to the trigger's filter; None without one"
    )
    kept_out: int | None = None


class RecentDays(BaseModel):
    """The last days, today last, and what the workflows did on them."""

    days: list[str] = Field(description="Dates of the workspace's calendar")
    items: list[RecentRuns]


class VersionChange(Body):
    """What to call a version; None takes its name away."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60,
                                           pattern=r"^[^\x00-\x1f]*$")] | None  # fmt: skip


class Activated(BaseModel):
    """The version that is live now."""

    version: int
    state: Literal["active"] = "active"


class VersionSummary(BaseModel):
    """One published version. `created_by` is a person's name, None for a program.

    `kept` is true for a draft that was set aside when a version was restored: it was never live.
    """

    number: int
    name: str | None
    kept: bool
    created_at: str
    created_by: str | None
    live: bool


class VersionDetail(VersionSummary):
    """A published version with its graph."""

    graph: dict[str, Json]


class VersionPage(BaseModel):
    """Some versions, newest first; `next` continues the list."""

    items: list[VersionSummary]
    next: str | None


class VariableShape(BaseModel):
    """One variable that a step can use.

    `label` is the path in words, from outside to inside. `type` is one of `text number money time
    boolean list object any`. `list` is the path of the list that the variable stands in, if any:
    conditions use it as it is, texts loop over the list. `certain` is false where the step that
    gives it may not have run.
    """

    path: str
    label: list[str]
    type: str
    may_be_empty: bool
    certain: bool
    list: str | None
    node_id: str | None
    sample: Json


class VariableList(BaseModel):
    """The variables that a step can use, outermost first."""

    items: "list[VariableShape]"


def problem_shape(problem: GraphProblem) -> ProblemShape:
    """A problem as it is shown."""
    return ProblemShape(
        code=problem.code.value,
        severity=problem.severity.value,
        node_id=problem.node_id,
        field=problem.field,
        message=problem.message,
        fix=problem.fix,
    )


def workflow_fields(workflow: Workflow, seen: Inspection, has_changes: bool) -> dict[str, Json]:
    """The fields of a `WorkflowSummary`."""
    return {
        "id": workflow.id,
        "name": workflow.name,
        "labels": workflow.labels,
        "channel": seen.channel,
        "state": workflow.state,
        "active_version": workflow.active_version,
        "revision": workflow.revision,
        "has_changes": has_changes,
        "uses_sandbox": seen.uses_sandbox,
        "problems": ProblemCount(errors=seen.errors, warnings=seen.warnings),
        "trigger_type": seen.trigger_type,
        "created_at": rfc3339(workflow.created_at),
        "updated_at": rfc3339(workflow.updated_at),
    }


def version_fields(version: WorkflowVersion, author: str | None, live: bool) -> dict[str, Json]:
    """The fields of a `VersionSummary`."""
    return {
        "number": version.number,
        "name": version.name,
        "kept": bool(version.kept),
        "created_at": rfc3339(version.created_at),
        "created_by": author,
        "live": live,
    }


def variable_shape(offer: Offer) -> VariableShape:
    """A variable as it is shown."""
    return VariableShape(
        path=written(offer.path),
        label=[*offer.label],
        type=offer.type,
        may_be_empty=offer.may_be_empty,
        certain=offer.certain,
        list=written(offer.list) if offer.list else None,
        node_id=offer.node_id,
        sample=offer.sample,
    )
