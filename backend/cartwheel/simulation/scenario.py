"""A scenario: what happens, when, and what the outside answers. Frozen values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cartwheel.node_sdk import ConnectionInfo, Emit, Json
from cartwheel.records.lookups import Records
from cartwheel.runs.plan import Plan
from cartwheel.runs.tokens import Failure


@dataclass(frozen=True, slots=True)
class HappenedEvent:
    """Something that happens in the simulated world; `data` is normalised, `raw` the original."""

    type: str
    data: Mapping[str, Json]
    raw: Json = None


@dataclass(frozen=True, slots=True)
class LaterEvent:
    """An event that happens some time after the start."""

    after: timedelta
    event: HappenedEvent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the outside answers to a step, instead of the node type's sample.

    With `lost` the connection breaks while the step acts, so that nobody knows whether it did;
    with `unreachable` nothing gets through. `body` is also what a person or a called workflow
    gives back. `decision` is what people decide who are asked: `approved`, `refused`, `done`, or
    `timed_out` where nobody does; `comment` is what they write.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    lost: bool = False
    unreachable: bool = False
    decision: str | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class KnownConnection:
    """The public side of a connection. There is no place for a secret here."""

    id: str
    app: str
    name: str
    is_default: bool = False
    settings: Mapping[str, Json] = field(default_factory=dict)

    @property
    def info(self) -> ConnectionInfo:
        return ConnectionInfo(self.id, self.app, self.name, self.settings)


@dataclass(frozen=True)
class Callee:
    """A workflow that can be called, in the version that would run."""

    workflow_id: str
    name: str
    version: int
    plan: Plan


Callees = Callable[[str, int | None], Awaitable[Callee | Failure]]
"""Finds the workflow that a step calls (its id, a certain version of it), or says why it cannot be
called."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is played on a graph.

    `answers` by node id, one for each attempt; the last one is given again. `workspace` has
    `name`, `currency`, `timezone` and `locale`. `pins`, by node id, are what steps emit that are
    not performed. Without `callees` a call gives what its step's sample says. With
    `starts_once` the later events only wake steps that wait for them.
    """

    event: HappenedEvent
    start: datetime
    contact: Json = None
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    then: Sequence[LaterEvent] = ()
    connections: Sequence[KnownConnection] = ()
    workspace: Mapping[str, Json] = field(default_factory=dict)
    pins: Mapping[str, Emit] = field(default_factory=dict)
    records: Records | None = None
    callees: Callees | None = None
    starts_once: bool = False
