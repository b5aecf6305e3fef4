"""In what shape runs are asked for and shown."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cartwheel.clock import rfc3339
from cartwheel.languages.fields import Said, SaidOrNone
from cartwheel.runs.models import Run, Step
from cartwheel.runs.waited_for import Awaited, WaitsFor
from cartwheel.web.moments import Moment

Json = Any
WAITS_FOR = "What it waits for, while it does; a person without `{0}`: until somebody has answered"


class RunError(BaseModel):
    """Why a run failed, for a merchant: what happened, and what to do."""

    code: str
    message: Said
    fix: SaidOrNone = None
    node_id: str | None = None
    run_id: str | None = Field(default=None, description="The run that took over, if one did")


class EntryStanding(BaseModel):
    """How a run came in under its workflow's rule of entry.

    `key` is what it counts as, None where that came out empty. `behind` is the run that it waits
    for, `before` how many wait in front of it.
    """

    key: str | None
    waits: bool
    words: SaidOrNone
    behind: str | None = None
    before: int | None = None


class RunSummary(BaseModel):
    """One line in the list of runs."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    status: str
    label: SaidOrNone
    contact: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    wake_at: str | None
    waits_for: WaitsFor | None = Field(default=None, description=WAITS_FOR.format("wake_at"))
    error: RunError | None
    stop_label: str | None
    event_id: str
    demo: bool = Field(default=False, description="An event of the demo shop started it")
    entry: EntryStanding | None = None


class StepShape(BaseModel):
    """One recorded execution of a node."""

    node_id: str
    iteration: str
    status: str
    port: str | None
    input: Json = None
    output: Json = None
    words: SaidOrNone
    error: RunError | None
    attempts: int
    started_at: str
    finished_at: str | None
    wake_at: str | None
    waits_for: WaitsFor | None = Field(default=None, description=WAITS_FOR.format("wake_at"))


class RunEvent(BaseModel):
    """What set the run off."""

    id: str
    type: str
    data: dict[str, Json]


class CallLink(BaseModel):
    """The other side of a call. `node_id` and `iteration` are the step that calls."""

    node_id: str
    iteration: str
    run_id: str
    workflow_id: str
    workflow_name: str
    status: str


class RunDetail(RunSummary):
    """A run with the graph of the version that ran and every step."""

    graph: dict[str, Json]
    event: RunEvent
    steps: list[StepShape]
    called_by: CallLink | None = Field(description="The run that called this one, if one did")
    calls: list[CallLink] = Field(description="The runs that this one called, the first 1,000")
    older_id: str | None = Field(description="The run of the same workflow before this one")
    newer_id: str | None = Field(description="The run of the same workflow after this one")


class RunPage(BaseModel):
    """A page of runs, newest first; `next` continues it."""

    items: list[RunSummary]
    next: str | None


class RunTally(BaseModel):
    """How many runs are in which state; a state without any is left out."""

    by_status: dict[str, int]


class HappeningRun(BaseModel):
    """A run that an event started, in short."""

    id: str
    workflow_id: str
    workflow_name: str
    status: str
    words: SaidOrNone = Field(description="What its last step said, such as what was compared")


class HappeningReason(BaseModel):
    """Why an event started nothing. `workflows` names those that would have started, had they been
    switched on at that time."""

    code: Literal["not_routed", "duplicate", "too_deep", "not_active", "no_workflow", "kept_out"]
    message: Said
    workflows: list[str] = Field(default_factory=list)


class KeptOut(BaseModel):
    """A workflow whose filter an event did not meet; `words` are the values that were compared."""

    workflow_id: str
    workflow_name: str
    words: SaidOrNone


class Happening(BaseModel):
    """An event, what it started, and where that was nothing, why."""

    id: str
    type: str
    source: str
    label: SaidOrNone
    contact: str | None
    received_at: str
    runs: list[HappeningRun]
    reason: HappeningReason | None
    kept_out: list[KeptOut] = Field(description="Workflows that it did not qualify for")


class HappeningPage(BaseModel):
    """A page of happenings, newest first; `next` continues it."""

    items: list[Happening]
    next: str | None


class RetryAll(BaseModel):
    """Which failed runs to retry: all of them, or those of a workflow, a time, a search."""

    model_config = ConfigDict(extra="forbid")

    workflow_id: str | None = Field(default=None, max_length=64)
    contact: str | None = Field(default=None, max_length=320)
    since: Moment | None = None
    until: Moment | None = None
    search: str | None = Field(default=None, max_length=100)
    after: str | None = Field(
        default=None, max_length=64, description="`next` of the answer before, to go on"
    )


class RetriedAll(BaseModel):
    """How many runs go on, how many ask first because nobody knows whether their step was done,
    and where to go on if there are more than fit into one answer."""

    retried: int
    asking: int
    next: str | None


class StepNumbers(BaseModel):
    """What came of a step: how many runs entered it in the period, and how it ended for them;
    `waiting` is how many wait there now."""

    node_id: str
    entered: int
    waiting: int
    next_at: str | None = Field(description="When the first that waits goes on by itself")
    done: int
    failed: int
    skipped: int


class EntryNumbers(BaseModel):
    """How many events came to the trigger's filter, how many it kept out, how many started."""

    came_in: int
    kept_out: int
    started: int


class WorkflowNumbers(BaseModel):
    """The numbers of a workflow's steps; `entry` is None where the trigger never had a filter."""

    period: str
    steps: list[StepNumbers]
    entry: EntryNumbers | None


class WaitingStep(BaseModel):
    """How many runs wait at a step, and when the first of them goes on by itself."""

    node_id: str
    count: int
    next_at: str | None


class WaitingSteps(BaseModel):
    """Where a workflow's runs wait, those with the most first."""

    items: list[WaitingStep]


class WaitingVersion(BaseModel):
    """How many runs wait that began on a version."""

    version: int
    count: int


class WaitingVersions(BaseModel):
    """On which versions a workflow's runs wait, the newest first."""

    items: list[WaitingVersion]


class WaitingRun(BaseModel):
    """A run that waits at a step. `token_id` names this one wait, and no later one."""

    run_id: str
    token_id: int
    node_id: str
    iteration: str
    label: SaidOrNone
    contact: str | None
    waits_for: WaitsFor = Field(description=WAITS_FOR.format("until"))
    since: str | None
    until: str | None


class WaitingPage(BaseModel):
    """A page of runs that wait, those that began first first; `next` continues it."""

    items: list[WaitingRun]
    next: str | None


class Place(BaseModel):
    """One wait."""

    model_config = ConfigDict(extra="forbid")

    run_id: str = Field(max_length=64)
    token_id: int = Field(ge=1, le=2**31 - 1)


class EndWaits(BaseModel):
    """Which waits to end, and how: `places`, or without them all of the workflow or of a step,
    200 at a time."""

    model_config = ConfigDict(extra="forbid")

    deed: Literal["release", "skip", "cancel"]
    places: list[Place] | None = Field(default=None, min_length=1, max_length=200)
    node_id: str | None = Field(default=None, max_length=200)
    cursor: str | None = Field(default=None, max_length=80, pattern=r"^[0-9A-Za-z]+:[0-9]{1,9}$")


class WaitsEnded(BaseModel):
    """How many waits ended by this, how many did not, and where to go on if there are more."""

    ended: int
    missed: int
    words: SaidOrNone
    next: str | None = None


class Release(BaseModel):
    """The place whose wait ends now."""

    model_config = ConfigDict(extra="forbid")

    node_id: str = Field(min_length=1, max_length=200)
    iteration: str = Field(default="", max_length=200)


class StartByHand(BaseModel):
    """Data to run a workflow on, shaped as its trigger's events are."""

    data: dict[str, Json] = Field(default_factory=dict)
    contact: str | None = Field(default=None, max_length=320)


class Accepted(BaseModel):
    """The event that starts the run; the run itself appears within moments."""

    event_id: str


class RetryRequest(BaseModel):
    """`send_again` answers the question a step with an unknown outcome asks."""

    send_again: bool = False


Waiting = Literal["finish", "pause", "cancel"]
"""What becomes of the runs that are under way when a workflow is switched off."""


class Deactivation(BaseModel):
    """What becomes of the runs that wait when a workflow is switched off."""

    waiting: Waiting = "finish"


class Deactivated(BaseModel):
    """The workflow's new state, and how many runs were paused or cancelled with it."""

    state: str
    runs_changed: int


class PauseEverything(BaseModel):
    """Switch off every workflow; unless told otherwise, what is under way stands still too."""

    waiting: Waiting = "pause"


class PausedEverything(BaseModel):
    """How many workflows were switched off, and how many runs were paused or cancelled."""

    workflows: int
    runs_changed: int


def run_fields(
    run: Run, workflow_name: str, *, demo: bool, awaited: Awaited | None
) -> dict[str, Json]:
    """The fields of a `RunSummary`. `awaited` is what it goes on by first, where it waits."""
    wake_at = awaited.until if awaited else run.wake_at
    return {
        **run.model_dump(
            include={
                "id", "workflow_id", "version", "status", "label", "contact", "error",
                "stop_label", "event_id",
            }
        ),
        "workflow_name": workflow_name,
        "demo": demo,
        "created_at": rfc3339(run.created_at),
        "started_at": _time(run.started_at),
        "finished_at": _time(run.finished_at),
        "wake_at": _time(wake_at) if run.status == "waiting" else None,
        "waits_for": awaited.waits_for if awaited else None,
    }  # fmt: skip


def step_shape(step: Step, awaited: Awaited | None) -> StepShape:
    """A stored step as it is shown. `awaited` is what it waits for, while it does."""
    return StepShape(
        **step.model_dump(
            include={
                "node_id", "iteration", "status", "port", "input", "output", "words", "error",
                "attempts",
            }
        ),
        started_at=rfc3339(step.started_at),
        finished_at=_time(step.finished_at),
        wake_at=_time(awaited.until if awaited else step.wake_at),
        waits_for=awaited.waits_for if awaited else None,
    )  # fmt: skip


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else rfc3339(milliseconds)
