"""What one run wants written, as values shaped like the rows of the tables."""

from collections.abc import Sequence

from cartwheel.node_sdk import RecordCommand
from cartwheel.runs.claims import ClaimedRun, RoutedEvent
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.tokens import Token
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class RunRow:
    """The changing part of a run. With `release` the lease ends with this commit.

    `crashes` is what the run was claimed with, or 0 once something new was recorded of it.
    """

    status: str
    wake_at: int | None
    finished_at: int | None
    next_token: int
    step_count: int
    stop_label: str | None = None
    error: str | None = None
    crashes: int = 0
    release: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step; JSON columns as text. A later row of the same place replaces it."""

    node_id: str
    iteration: str
    sequence: int
    status: str
    port: str | None
    input: str | None
    output: str | None
    words: str | None
    error: str | None
    attempts: int
    started_at: int
    finished_at: int | None
    wake_at: int | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One act outside, at its begin (`sending`) or at its end; JSON columns as text."""

    id: str
    node_id: str
    iteration: str
    round: int
    delivery: str
    status: str
    connection_id: str | None
    request: str
    response: str | None
    attempts: int
    started_at: int
    finished_at: int | None

    @property
    def is_result(self) -> bool:
        return self.status != EffectStatus.SENDING


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message for the sandbox's outbox."""

    id: str
    channel: str
    to: str
    subject: str | None
    text: str
    html: str | None
    node_id: str
    iteration: str
    workflow_id: str
    created_at: int


@dataclass(frozen=True, slots=True)
class AwaitedRow:
    """One way in which an event can end a token's wait; see `runs/awaited.py`."""

    token_id: int
    way: int
    node_id: str
    event_type: str
    paths: str
    key: str
    armed_at: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A message that asks somebody, to be sent when it is due."""

    id: str
    number: int
    kind: str
    due_at: int | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What a token asks of people; see `runs/asked.py`. `people` are (address, escalated)."""

    id: str
    token_id: int
    node_id: str
    iteration: str
    kind: str
    title: str
    text: str
    rule: str
    needed: int
    connection_id: str | None
    channel: str | None
    created_at: int
    escalate_at: int | None
    shown_due_at: int | None
    due_at: int
    people: tuple[tuple[str, bool], ...]
    letters: tuple[LetterRow, ...]
    checklist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordAct:
    """A change of the shop's own tables or counters, under its effect's key."""

    id: str
    node_id: str
    iteration: str
    round: int
    command: RecordCommand


@dataclass(frozen=True, slots=True)
class Birth:
    """An event to be routed by the first write of one of its runs, which `worker` has in hand."""

    event: RoutedEvent
    runs: tuple[ClaimedRun, ...]
    worker: str


@dataclass(frozen=True, slots=True)
class RunWrite:
    """Everything one run wants written together.

    `unheard` are tokens that waited for an event and do so no more, `unasked` those that waited
    for people; `asked_at` is the time of this (ms). A run that `listens` waits for
    something from outside; one that `is_called` has another run waiting for its end; one that
    `takes_turns` came in under a rule of entry. With a `birth` it is written only if its event is
    routed by this.
    """

    workspace_id: int
    run_id: str
    fence: int
    run: RunRow
    steps: Sequence[StepRow] = ()
    tokens: Sequence[Token] = ()
    tokens_gone: Sequence[int] = ()
    effects: Sequence[EffectRow] = ()
    messages: Sequence[MessageRow] = ()
    records: Sequence[RecordAct] = ()
    awaited: Sequence[AwaitedRow] = ()
    unheard: Sequence[int] = ()
    asked: Sequence[AskedRow] = ()
    unasked: Sequence[int] = ()
    asked_at: int = 0
    listens: bool = False
    is_called: bool = False
    takes_turns: bool = False
    birth: Birth | None = None
