"""Decides what a run does next. Pure: no clock, no database, no node type's name.

    begin(flow, now)                    puts a token on the trigger
    advance(flow, state, outcomes, now) after something happened to tokens
    resume(flow, state, now)            after a claim: start what is ready and wake what is due
    retry(flow, state, now, refused)    a person wants a failed run to go on
    cancel(state)                       a person wants a run to end

The rules stand in docs/decisions/0004-engine.md.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from cartwheel.runs.flow import Flow
from cartwheel.runs.tokens import (
    Advance,
    Arm,
    Cancel,
    Close,
    Command,
    Failure,
    Finish,
    Outcome,
    Park,
    Place,
    Postponed,
    Record,
    RunState,
    RunStatus,
    Start,
    StepStatus,
    Token,
    TokenState,
    WakeReason,
    Woken,
    restore,
)

__all__ = [
    "Advance",
    "Arm",
    "Cancel",
    "Close",
    "Command",
    "Failure",
    "Finish",
    "Outcome",
    "Park",
    "Place",
    "Postponed",
    "Record",
    "RunState",
    "RunStatus",
    "Start",
    "StepStatus",
    "Token",
    "TokenState",
    "WakeReason",
    "Woken",
    "advance",
    "begin",
    "cancel",
    "restore",
    "resume",
    "retry",
]


def begin(flow: Flow, now: datetime) -> Advance:
    """A new run: a token on the trigger."""
    raise NotImplementedError


def advance(flow: Flow, state: RunState, outcomes: Iterable[Outcome], now: datetime) -> Advance:
    """What follows from what happened."""
    raise NotImplementedError


def resume(flow: Flow, state: RunState, now: datetime) -> Advance:
    """Go on from a stored state: start what is ready, wake what is due."""
    raise NotImplementedError


def retry(flow: Flow, state: RunState, now: datetime, refused: Collection[Place] = ()) -> Advance:
    """Go on with a failed run; steps in `refused` act anew, with the next round's key."""
    raise NotImplementedError


def cancel(state: RunState) -> Advance:
    """End a run at once."""
    raise NotImplementedError
