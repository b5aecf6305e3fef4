"""Decides what a run does next. Pure: no clock, no database, no node type's name.

    begin(flow, now)                    puts a token on the trigger
    advance(flow, state, outcomes, now) after something happened to tokens
    resume(flow, state, now)            after a claim: start what is ready and wake what is due
    retry(flow, state, now, refused, going_on)  a person wants a failed run to go on
    cancel(flow, state, now)            a person wants a run to end

The rules stand in docs/decisions/0004-engine.md.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from cartwheel.runs.consequences import settle
from cartwheel.runs.course import Course
from cartwheel.runs.flow import Flow, Way
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
    is_closing,
    restore,
)
from cartwheel.runs.verdicts import apply, wake_if_due, without_notes

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
    "still_to_do",
]

_ENDED = {RunStatus.SUCCEEDED, RunStatus.CANCELLED, RunStatus.FAILED}


def begin(flow: Flow, now: datetime) -> Advance:
    """A new run: a token on the trigger. Raises `ValueError` for a graph without one."""
    if flow.trigger is None:
        raise ValueError("a graph without a trigger cannot run")
    course = Course(flow, RunState(RunStatus.RUNNING), now)
    course.enter(Way("", flow.trigger), None, "")
    settle(course)
    return course.freeze()


def advance(flow: Flow, state: RunState, outcomes: Iterable[Outcome], now: datetime) -> Advance:
    """What follows from what happened.

    Outcomes that do not fit (a second one of the same step, one of a token that was cancelled)
    change nothing. In a run that stands still outcomes are recorded, and nothing new begins.
    """
    course = Course(flow, state, now)
    for outcome in outcomes:
        apply(course, outcome)
    return course.freeze()


def resume(flow: Flow, state: RunState, now: datetime) -> Advance:
    """Go on from a stored state: start what is ready, wake what is due, close what is complete.

    Waits are armed anew only when the run stood still (paused, quarantined). A run that has ended
    or failed stays as it is.
    """
    if state.status in _ENDED:
        return Advance(state, ())
    stood_still = state.status in {RunStatus.PAUSED, RunStatus.QUARANTINED}
    return _go_on(Course(flow, replace(state, status=RunStatus.RUNNING), now), arm=stood_still)


def retry(
    flow: Flow,
    state: RunState,
    now: datetime,
    refused: Collection[Place] = (),
    going_on: Collection[int] = (),
) -> Advance:
    """Go on with a failed run, with the failed steps and with everything that stood still.

    `refused` are the places whose act outside was definitely refused: they act anew, under the
    key of the next round. Every other step keeps its key, so that nothing happens twice.
    `going_on` are the ids of failed tokens whose called run goes on: they wait for it again.
    """
    if state.status is not RunStatus.FAILED:
        return Advance(state, ())
    course = Course(flow, replace(state, status=RunStatus.RUNNING), now)
    failed = [t for t in course.tokens.values() if t.state is TokenState.FAILED]
    for token in failed:
        if token.id in going_on:
            _wait_for_call(course, token)
            continue
        renewed = token.round + (token.place in refused)
        course.renew(replace(token, attempt=0, round=renewed, wait=without_notes(token)))
    return _go_on(course, arm=True)


def _wait_for_call(course: Course, token: Token) -> None:
    """Its id stays: the called run knows its caller by it."""
    calling = replace(token, state=TokenState.CALLING)
    course.put(calling)
    course.record(calling, StepStatus.WAITING)


def _go_on(course: Course, *, arm: bool) -> Advance:
    for token in sorted(course.tokens.values(), key=lambda token: token.id):
        if token.state is TokenState.READY:
            course.start_or_pass(token)
        elif token.state in {TokenState.WAITING, TokenState.RETRYING, TokenState.CALLING}:
            if not wake_if_due(course, token) and arm:
                course.arm(token)
        elif is_closing(token):
            course.begin(Close(token))
    settle(course)
    return course.freeze()


def still_to_do(queued: Iterable[Command], advance: Advance) -> deque[Command]:
    """A driver's queue after an advance: the new commands behind those that were not cancelled."""
    cancelled = {c.token.id for c in advance.commands if isinstance(c, Cancel)}
    both = (*queued, *advance.commands)
    return deque(c for c in both if isinstance(c, Finish) or c.token.id not in cancelled)


def cancel(flow: Flow, state: RunState, now: datetime) -> Advance:
    """End a run at once; one that has ended or failed stays as it is."""
    if state.status in _ENDED:
        return Advance(state, ())
    course = Course(flow, state, now)
    course.end_run(RunStatus.CANCELLED)
    return course.freeze()
