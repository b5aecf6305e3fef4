"""In what shape a rehearsal is asked for and shown."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from cartwheel.clock import SystemClock
from cartwheel.languages.fields import SaidOrNone
from cartwheel.simulation.schemas import (
    Body,
    GivenEvent,
    LaterEvent,
    SimulatedError,
    SimulatedMessage,
    SimulatedRequest,
    SimulationResult,
)
from cartwheel.web.moments import Moment

MOST_EVENTS = 1_000
USUAL_EVENTS = 50
MOST_SHOWN = 20


class RehearsalRequest(Body):
    """Which stored events: the `last` so many that start the workflow, or those `since` a time, the
    newest thousand of them at most. `cursor` asks for the page after one."""

    last: int | None = Field(
        default=None, ge=1, le=MOST_EVENTS, description=f"{USUAL_EVENTS}, if nothing is said"
    )
    since: Moment | None = None
    cursor: Annotated[str, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.last is not None and self.since is not None:
            raise ValueError("Say how many of the last events, or since when; one of both.")
        if self.since is not None and self.since > SystemClock().now() + timedelta(minutes=5):
            raise ValueError("Choose a time in the past: events that have happened are compared.")
        return self

    @property
    def most(self) -> int:
        """How many events are compared at most, over all pages."""
        return MOST_EVENTS if self.since is not None else self.last or USUAL_EVENTS


class RehearsedEnd(BaseModel):
    """What came of an event in one version. `starts` tells whether it starts a run at all, and
    `counts_as` what it counts as under the rule of entry; without a run the rest is empty."""

    starts: bool
    counts_as: str | None
    status: str | None
    ended_at: str | None
    stop_label: str | None
    error: SimulatedError | None
    stopped: SaidOrNone = Field(description="Why the rehearsal was stopped before the run's end")


class RehearsedStep(BaseModel):
    """How a step went in one version."""

    status: str
    port: str | None
    words: SaidOrNone
    error: SimulatedError | None


class StepDifference(BaseModel):
    """A step that goes another way, or that only one of the two versions takes."""

    node_id: str
    iteration: str
    live: RehearsedStep | None
    draft: RehearsedStep | None


class MessageDifference(BaseModel):
    """A message that is another one, or that only one of the two versions sends."""

    live: SimulatedMessage | None
    draft: SimulatedMessage | None


class RequestDifference(BaseModel):
    """A request that is another one, or that only one of the two versions makes."""

    live: SimulatedRequest | None
    draft: SimulatedRequest | None


class RehearsedEvent(BaseModel):
    """An event of which the draft makes something else than the live version: only what differs,
    the first twenty of each kind, long texts shortened. `omitted` counts what is left out."""

    id: str
    type: str
    received_at: str
    label: SaidOrNone
    contact: str | None
    live: RehearsedEnd
    draft: RehearsedEnd
    steps: list[StepDifference]
    messages: list[MessageDifference]
    requests: list[RequestDifference]
    omitted: int


class Rehearsal(BaseModel):
    """Some of the events that were compared, newest first: those of which the two versions make
    different things.

    `compared` of `total` events have been, with this page; while there is a `next`, ask again
    with it as the `cursor`. `revision` is the draft's: where it changes between two pages,
    somebody saved, and a rehearsal of one draft begins anew. `live_version` is null where nothing
    is live: then every event that the draft would start with differs.
    """

    items: list[RehearsedEvent]
    next: str | None
    compared: int
    total: int
    live_version: int | None
    revision: int


class RehearsedScenario(BaseModel):
    """What was played, as a simulation can be asked for it: the event, when it happened, whose it
    is, and what the same customer did later."""

    event: GivenEvent
    at: str
    contact: str | None
    then: list[LaterEvent]


class RehearsedRuns(BaseModel):
    """One event in full: its run on the live version and on the draft, or null where it starts
    none."""

    live: SimulationResult | None
    draft: SimulationResult | None
    live_version: int | None
    revision: int
    scenario: RehearsedScenario
