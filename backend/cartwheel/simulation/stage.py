"""What a simulated run is played on, and what is left of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cartwheel.node_sdk import OutboxMessage
from cartwheel.runs.plan import Plan
from cartwheel.runs.recorder import StepRecord
from cartwheel.runs.tokens import Failure, Finish, Place, RunStatus, Woken
from cartwheel.simulation.carrier import SimulatedCarrier
from cartwheel.simulation.clock import VirtualClock
from cartwheel.simulation.scenario import Callee, HappenedEvent, Scenario


@dataclass(frozen=True, slots=True)
class Message:
    """A message that somebody would have received."""

    node_id: str
    iteration: str
    at: datetime
    message: OutboxMessage


@dataclass(frozen=True, slots=True)
class PlayedRun:
    """One run as it was played. `edges` are the ids of the edges that tokens took."""

    event: HappenedEvent
    status: RunStatus
    steps: tuple[StepRecord, ...]
    edges: tuple[str, ...]
    finish: Finish | None
    calls: Mapping[Place, "PlayedCall"]


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """The run of a workflow that a step called."""

    callee: Callee
    run: PlayedRun


@dataclass(frozen=True)
class Stage:
    """What one run is played on. A called one knows how `deep` it is called, and as which step of
    the workflow that is tried out it is `shown`; `tell` brings its end to its caller."""

    plan: Plan
    scenario: Scenario
    carrier: SimulatedCarrier
    deep: int = 0
    shown: Place | None = None
    tell: Callable[[Woken | Failure], Awaitable[None]] | None = None


def open_stage(plan: Plan, scenario: Scenario, clock: VirtualClock) -> Stage:
    """The stage of the workflow that is tried out."""
    return Stage(plan, scenario, SimulatedCarrier(scenario, clock, **manners(plan)))


def manners(plan: Plan) -> dict[str, bool]:
    """How a workflow's settings let the outside behave."""
    send_again = plan.graph.settings.get("on_unknown") == "send_again"
    return {"send_again_when_unknown": send_again}
