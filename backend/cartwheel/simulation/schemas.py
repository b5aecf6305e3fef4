"""In what shape simulations are asked for and shown."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from cartwheel.languages.fields import Said, SaidOrNone

Json = Any
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
ShortText = Annotated[str, Field(max_length=200)]


class Body(BaseModel):
    """What we are sent. A field that we do not know is a mistake, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


class GivenEvent(Body):
    """What happens first: normalised `data` of a `type`, or the sample of the workflow's trigger.

    Without `type` it is the kind of event that starts the workflow.
    """

    type: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    data: dict[str, Json] | None = Field(
        default=None, description='{"order": {…}, "customer": {…}}'
    )
    sample: bool = False


Decision = Literal["approved", "refused", "done", "timed_out"]
"""What people decide who are asked in a step; `timed_out`: nobody does before the time is up."""


class GivenAnswer(Body):
    """What the outside answers to a step: an HTTP `status`, `headers` and `body`; or that nothing
    gets through (`unreachable`), or that the connection breaks in the middle (`lost`); or what
    people decide who are asked (`decision`), with a `comment`."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: Json = None
    unreachable: bool = False
    lost: bool = False
    decision: Decision | None = None
    comment: str = Field(default="", max_length=2000)


class LaterEvent(Body):
    """An event that happens some time after the start, such as `PT26H` or `P3D`.

    It wakes the steps that wait for it, and starts the workflow once more if that starts with it.
    """

    after: ShortText
    event: GivenEvent


class ScenarioRequest(Body):
    """What to play. `answers` are by node id; a list is one answer for each attempt, and a word
    such as `timed_out` is a decision."""

    event: GivenEvent = Field(default_factory=lambda: GivenEvent(sample=True))
    contact: ShortText | dict[str, Json] | None = None
    at: AwareDatetime | None = Field(default=None, description="Start; now, if left out")
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] | None = Field(
        default=None,
        description="How dates, numbers and money are written; the shop's way, if left out",
    )
    answers: dict[str, Decision | GivenAnswer | list[Decision | GivenAnswer]] = Field(
        default_factory=dict, max_length=1000
    )
    then: list[LaterEvent] = Field(default_factory=list, max_length=100)

    @field_validator("at")
    @classmethod
    def _is_near(cls, given: datetime | None) -> datetime | None:
        if given is not None and not _FIRST_YEAR <= given.year <= _LAST_YEAR:
            raise ValueError(f"Choose a time between {_FIRST_YEAR} and {_LAST_YEAR}.")
        return given


class GraphSimulation(ScenarioRequest):
    """A scenario for a graph that need not be saved."""

    graph: dict[str, Json]


class WorkflowSimulation(ScenarioRequest):
    """A scenario for a workflow's draft, or for the version that is live."""

    use: Literal["draft", "live"] = "draft"


class SimulatedError(BaseModel):
    """Why a step failed, and what to do."""

    code: str
    message: Said
    fix: SaidOrNone


class SimulatedStep(BaseModel):
    """One step as it would run. `at` and `finished_at` are times of the simulation."""

    node_id: str
    iteration: str
    at: str | None
    finished_at: str | None
    wake_at: str | None
    port: str | None
    status: str
    input: Json
    output: Json
    words: SaidOrNone
    error: SimulatedError | None
    attempts: int
    inside: "SimulatedCall | None" = Field(
        default=None, description="The run of the workflow that this step called"
    )


class SimulatedMessage(BaseModel):
    """A message that somebody would have received."""

    node_id: str
    iteration: str
    at: str
    channel: str
    to: str
    subject: str | None
    text: str
    html: str | None


class SimulatedRequest(BaseModel):
    """An HTTP request that would leave; the connection's secrets would be added on the way."""

    node_id: str
    iteration: str
    at: str
    method: str
    url: str
    headers: dict[str, str]
    body: Json
    form: dict[str, str] | None


class TakenPath(BaseModel):
    """The nodes that ran and the edges that were taken, by id."""

    nodes: list[str]
    edges: list[str]


class SimulatedRun(BaseModel):
    """One run of the workflow."""

    event_type: str
    status: str
    steps: list[SimulatedStep]
    omitted_steps: int = Field(description="Steps beyond the first 5,000, which are not shown")
    path: TakenPath
    error: SimulatedError | None
    stop_label: str | None


class SimulatedEntry(BaseModel):
    """How the event would come in if it really happened: what it counts as under the workflow's
    rule of entry, and whether the trigger's filter lets it pass. The simulation plays it anyway."""

    admitted: bool
    key: str | None
    words: SaidOrNone


class SimulatedCall(BaseModel):
    """The run of a called workflow, as it would go in the version that would run."""

    workflow_id: str
    workflow_name: str
    version: int
    status: str
    steps: list[SimulatedStep]
    names: dict[str, str] = Field(description="What its steps are called, by node id")
    omitted_steps: int


class SimulationResult(SimulatedRun):
    """The first run, and everything that the scenario brought about.

    `entry` is None for a workflow that every event may start. `stopped` is a
    sentence when the simulation was stopped before its end.
    """

    messages: list[SimulatedMessage]
    requests: list[SimulatedRequest]
    started_at: str
    ended_at: str
    stopped: SaidOrNone
    further_runs: list[SimulatedRun]
    entry: SimulatedEntry | None = None
