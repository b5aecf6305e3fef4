"""The values of a run: tokens, what happened to them, and what the engine answers.

A token stands on a node. Its row in the database is exactly a `Token`; a run is a handful of
tokens, never one growing document.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from cartwheel.node_sdk import Json, Verdict
from cartwheel.values import dataclass


class TokenState(StrEnum):
    """What a token is doing.

    READY: its step may run, or runs. WAITING: for a time, an event or a person. RETRYING: until
    the next attempt. PARKED: arrived at a join. OPEN: its body runs. CALLING: another workflow
    runs for it. FAILED: its step failed and the run with it; a person may retry.
    """

    READY = "ready"
    WAITING = "waiting"
    RETRYING = "retrying"
    PARKED = "parked"
    OPEN = "open"
    CALLING = "calling"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Token:
    """One place where a run stands. Its id names one performance: another attempt gets another id.

    `iteration` is the path through the bodies around it: "" outside, "3.0" in the first pass of
    a body inside the fourth pass of another. `parent` is the token that opened the innermost
    body. `via` is the edge by which it came. `attempt` counts retries of this step, `round` the
    retries by a person. `wait` is small JSON that belongs to the state.
    """

    id: int
    node_id: str
    iteration: str = ""
    parent: int | None = None
    via: str | None = None
    state: TokenState = TokenState.READY
    attempt: int = 0
    round: int = 0
    wake_at: datetime | None = None
    wait: Mapping[str, Json] | None = None

    @property
    def place(self) -> "Place":
        """The key of the token's step record."""
        return (self.node_id, self.iteration)

    @property
    def passes(self) -> int:
        """How often the token's step has said `Again`."""
        return int((self.wait or {}).get("passes", 0))

    @property
    def last_pass(self) -> str:
        """The iteration of the last of these passes."""
        number = str(self.passes - 1)
        return f"{self.iteration}.{number}" if self.iteration else number


Place = tuple[str, str]
"""(node_id, iteration)"""

Scope = tuple[int | None, str]
"""(parent, iteration): the tokens of one pass through one body, or of the run itself."""


class RunStatus(StrEnum):
    """Where a run is. The last four are ends; only a person brings a run back from two of them."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class RunState:
    """Everything the engine needs to know of a run.

    `tokens` by id; `next_token` is the next free id; `visited` are the places among
    `Flow.merges` that already had their token; `step_count` counts the records written so far.
    """

    status: RunStatus
    tokens: Mapping[int, Token] = field(default_factory=dict)
    next_token: int = 1
    visited: frozenset[Place] = frozenset()
    step_count: int = 0
    scopes: Mapping[Scope, int] = field(default_factory=dict, compare=False, repr=False)
    """Live tokens per scope: derived from `tokens`, kept so that no step has to count."""


def restore(
    status: RunStatus,
    tokens: Iterable[Token],
    next_token: int,
    visited: Iterable[Place],
    step_count: int,
) -> RunState:
    """A state from what was stored.

    `visited`: the places among `Flow.merges` that have a step record; where a token stands that is
    not parked is added here. `step_count`: the highest sequence of the run's records.
    """
    by_id = {token.id: token for token in tokens}
    standing = {t.place for t in by_id.values() if t.state is not TokenState.PARKED}
    counts = Counter((token.parent, token.iteration) for token in by_id.values())
    return RunState(
        status=status,
        tokens=by_id,
        next_token=next_token,
        visited=frozenset(visited) | standing,
        step_count=step_count,
        scopes=dict(counts),
    )


# --- what happened ---

OUTCOME_UNKNOWN = "outcome_unknown"


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that cannot succeed, in words for a merchant. `fix` says what to do."""

    code: str
    message: str
    fix: str | None = None

    def document(self) -> dict[str, Json]:
        return {"code": self.code, "message": self.message, "fix": self.fix}


@dataclass(frozen=True, slots=True)
class Postponed:
    """The step did nothing yet and tries again at `until`.

    `spends` says whether that costs one of its tries; `note` is kept with the token.
    """

    until: datetime
    message: str
    spends: bool = True
    note: Mapping[str, Json] = field(default_factory=dict)


class WakeReason(StrEnum):
    """Why a waiting token goes on. RELEASED: a person ended the wait. RETURNED: the called
    workflow is done."""

    TIME = "time"
    TIMEOUT = "timeout"
    EVENT = "event"
    PERSON = "person"
    RELEASED = "released"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Woken:
    """What a token waited for has come; `data` becomes the step's output.

    An answer may choose the port by which the token leaves, and what the trace says.
    """

    reason: WakeReason
    data: Json = None
    port: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one token. An outcome that does not fit its token's state is ignored."""

    token_id: int
    result: Verdict | Failure | Postponed | Woken


# --- what to do ---


class StepStatus(StrEnum):
    """How a step record reads. UNKNOWN: it may or may not have acted outside."""

    RUNNING = "running"
    WAITING = "waiting"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        return self in _FINAL


_FINAL = {StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.UNKNOWN, StepStatus.SKIPPED}


@dataclass(frozen=True, slots=True)
class Start:
    """Perform the token's step and come back with its outcome."""

    token: Token


@dataclass(frozen=True, slots=True)
class Close:
    """The last pass of the token's body ended: come back with `Emit("done", results)`."""

    token: Token


@dataclass(frozen=True, slots=True)
class Arm:
    """The token waits (WAITING, RETRYING, CALLING): wake it as `wake_at` and `wait` say."""

    token: Token


@dataclass(frozen=True, slots=True)
class Park:
    """The token arrived at a join and stays there; nothing to do but to store it."""

    token: Token


@dataclass(frozen=True, slots=True)
class Cancel:
    """Act no more for this token: disarm its wait, drop its call if that has not begun."""

    token: Token


@dataclass(frozen=True, slots=True)
class Record:
    """Write this down as the token's step; a later record of the same place completes it.

    `sequence` orders the records of a run: 1 for the first.
    """

    token: Token
    status: StepStatus
    sequence: int
    port: str | None = None
    output: Json = None
    words: str | None = None
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The run has ended. With FAILED its tokens stay, so that a retry goes on with all of them."""

    status: RunStatus
    label: str | None = None
    error: Failure | None = None
    node_id: str | None = None


Command = Start | Close | Arm | Park | Cancel | Record | Finish


@dataclass(frozen=True, slots=True)
class Advance:
    """The next state and the commands that lead from the old one to it, in order."""

    state: RunState
    commands: tuple[Command, ...]


def is_closing(token: Token) -> bool:
    """True when every pass of the token's body has ended."""
    wait = token.wait or {}
    return token.state is TokenState.OPEN and not wait["open"] and wait["next"] >= wait["size"]
