"""Turns what was performed and decided into the rows to write, as frozen values. Pure.

The worker's store writes them into the database, the simulator keeps them in memory.
"""

from collections.abc import Mapping
from datetime import datetime

from cartwheel.node_sdk import Json
from cartwheel.runs.execution import Performed
from cartwheel.runs.tokens import (
    Advance,
    Failure,
    Finish,
    Record,
    RunState,
    RunStatus,
    StepStatus,
    Token,
    TokenState,
)
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step as it stands now.

    A later record of the same place replaces it; None in `input` or `started_at` keeps what the
    earlier one said. `sequence` orders the records of a run.
    """

    node_id: str
    iteration: str
    sequence: int
    status: StepStatus
    port: str | None = None
    input: Json = None
    output: Json = None
    words: str | None = None
    error: Failure | None = None
    attempts: int = 1
    started_at: datetime | None = None
    finished_at: datetime | None = None
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokenChanges:
    """Tokens to write, and the ids of those that are gone."""

    put: tuple[Token, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunChange:
    """The run as it stands now. `wake_at` is the earliest time at which it moves by itself."""

    status: RunStatus
    next_token: int
    step_count: int
    wake_at: datetime | None = None
    stop_label: str | None = None
    error: Failure | None = None
    failed_node: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that one advance wants written together."""

    run: RunChange
    steps: tuple[StepRecord, ...]
    tokens: TokenChanges


@dataclass(frozen=True, slots=True)
class Timed:
    """A performance and when it began."""

    performed: Performed
    started_at: datetime


def write_down(
    before: RunState, advance: Advance, performed: Mapping[int, Timed], now: datetime
) -> Changes:
    """What changed from `before`. `performed` is by token id; steps without an entry were woken,
    skipped or ended by the engine alone."""
    records = [command for command in advance.commands if type(command) is Record]
    steps = tuple([_step_record(each, performed.get(each.token.id), now) for each in records])
    return Changes(_run_change(advance), steps, _token_changes(before, advance.state))


def _step_record(record: Record, timed: Timed | None, now: datetime) -> StepRecord:
    token = record.token
    final = record.status.is_final
    return StepRecord(
        node_id=token.node_id,
        iteration=token.iteration,
        sequence=record.sequence,
        status=record.status,
        port=record.port,
        input=timed.performed.input if timed else None,
        output=record.output,
        words=record.words,
        error=record.error,
        attempts=_attempts(record),
        started_at=_started_at(record, timed, now),
        finished_at=now if final else None,
        wake_at=None if final else token.wake_at,
    )


def _attempts(record: Record) -> int:
    # A step that is put off has counted its attempt already, if it cost one.
    return max(record.token.attempt + (record.status is not StepStatus.RETRYING), 1)


def _started_at(record: Record, timed: Timed | None, now: datetime) -> datetime | None:
    """When the step began, or None when an earlier record said so."""
    if timed is not None:
        return timed.started_at if _attempts(record) == 1 else None
    token = record.token
    is_new = token.state in {TokenState.READY, TokenState.PARKED} and not token.attempt
    return now if is_new and not token.passes and record.status is StepStatus.SKIPPED else None


def _token_changes(before: RunState, after: RunState) -> TokenChanges:
    old, new = before.tokens, after.tokens
    put = tuple([token for number, token in new.items() if old.get(number) is not token])
    return TokenChanges(put, tuple([number for number in old if number not in new]))


def _run_change(advance: Advance) -> RunChange:
    state = advance.state
    last = advance.commands[-1] if advance.commands else None
    finish = last if isinstance(last, Finish) else None
    held = _held_up(state) if finish is None and state.status is RunStatus.WAITING else None
    return RunChange(
        status=state.status,
        next_token=state.next_token,
        step_count=state.step_count,
        wake_at=earliest_wake(state),
        stop_label=finish.label if finish else None,
        error=finish.error if finish else _being_mended(held) if held else None,
        failed_node=finish.node_id if finish else held.node_id if held else None,
    )


def _held_up(state: RunState) -> Token | None:
    """The first token that waits for its connection to be mended."""
    retrying = (t for t in state.tokens.values() if t.state is TokenState.RETRYING)
    return next((t for t in retrying if t.wait and "connection" in t.wait), None)


def _being_mended(token: Token) -> Failure:
    name = (token.wait or {}).get("name")
    return Failure(
        "connection_broken",
        f"Waiting for the connection “{name}” to be mended.",
        "Open it under Connections, enter its keys again and test it. "
        "The run then goes on by itself.",
    )


def earliest_wake(state: RunState) -> datetime | None:
    """When the run moves by itself; None when it stands still or waits for something untimed."""
    if state.status is not RunStatus.WAITING:
        return None
    return min((t.wake_at for t in state.tokens.values() if t.wake_at is not None), default=None)
