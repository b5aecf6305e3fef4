"""What each outcome of a step means for its token and the run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cartwheel.node_sdk import Again, Call, Each, Emit, Json, Stop, Wait
from cartwheel.runs.consequences import open_body, settle
from cartwheel.runs.course import Course
from cartwheel.runs.failing import end_in_failure, fail
from cartwheel.runs.flow import DONE_PORT
from cartwheel.runs.limits import MAXIMUM_PARALLEL, MAXIMUM_STEPS, MAXIMUM_WAIT
from cartwheel.runs.tokens import (
    Failure,
    Outcome,
    Postponed,
    RunStatus,
    StepStatus,
    Token,
    TokenState,
    WakeReason,
    Woken,
    is_closing,
)

_TOO_LONG = Failure(
    "wait_too_long", "A step can wait for one year at most.", "Choose an earlier time."
)
_TOO_MANY_ITEMS = Failure(
    "too_many_items",
    f"The list has more than {MAXIMUM_STEPS:,} entries.",
    "Narrow it down before this step.",
)
_NOTES = {"pauses", "connection", "name"}
"""What `Postponed.note` may leave in a token; the next attempt's note replaces it."""

_NOTHING_CAME = "Nothing came in time."
_CAME_ONCE = " Before that it came once."


def apply(course: Course, outcome: Outcome) -> None:
    """Let one outcome happen. What does not fit the token's state is a duplicate, and ignored."""
    token = course.tokens.get(outcome.token_id)
    if token is not None and _fits(token, outcome.result):
        _MEANING[type(outcome.result)](course, token, outcome.result)
        settle(course)


def wake_if_due(course: Course, token: Token) -> bool:
    """Go on with a token whose time has come; True when it had."""
    if token.wake_at is None or token.wake_at > course.now:
        return False
    reason = WakeReason((token.wait or {}).get("deadline", WakeReason.TIME))
    _woken(course, token, Woken(reason))
    return True


def _fits(token: Token, result: Any) -> bool:
    if token.state is TokenState.READY:
        return not isinstance(result, Woken)
    if token.state is TokenState.CALLING:
        return isinstance(result, Woken | Failure)
    if token.state is TokenState.OPEN:
        return is_closing(token) and isinstance(result, Emit | Failure)
    return isinstance(result, Woken) and token.state in {TokenState.WAITING, TokenState.RETRYING}


def _emit(course: Course, token: Token, verdict: Emit) -> None:
    port = verdict.port or None
    course.record(token, StepStatus.SUCCEEDED, port, verdict.data, verdict.words)
    course.leave(token, verdict.port)


def _stop(course: Course, token: Token, verdict: Stop) -> None:
    if verdict.failed:
        words = verdict.label or "The workflow ended the run as a failure."
        end_in_failure(course, token, Failure("stopped", words))
    else:
        course.record(token, StepStatus.SUCCEEDED, words=verdict.label or None)
        course.drop(token)
        course.end_run(RunStatus.SUCCEEDED, verdict.label or None)


def _fail(course: Course, token: Token, failure: Failure) -> None:
    fail(course, token, failure)


def _postpone(course: Course, token: Token, result: Postponed) -> None:
    kept = without_notes(token) or {}
    waiting = replace(
        token,
        state=TokenState.RETRYING,
        attempt=token.attempt + result.spends,
        wake_at=result.until,
        wait={**kept, **result.note} or None,
    )
    course.record(waiting, StepStatus.RETRYING, words=result.message)
    course.arm(waiting)


def without_notes(token: Token) -> dict[str, Json] | None:
    """What the token's `wait` holds beside the notes of attempts that were put off."""
    return {key: value for key, value in (token.wait or {}).items() if key not in _NOTES} or None


def _wait(course: Course, token: Token, verdict: Wait) -> None:
    kind, match = _awaited(verdict)
    timed_out = match is not None and verdict.until is None
    due = verdict.timeout if timed_out else verdict.until
    if due is not None and due > course.now + MAXIMUM_WAIT:
        fail(course, token, _TOO_LONG)
        return
    wait = {
        "kind": kind,
        "match": match,
        "port": verdict.port,
        "timeout_port": verdict.timeout_port,
        "deadline": "timeout" if timed_out else "time",
        "words": verdict.words,
    }
    if verdict.timeout_words is not None:
        wait["timeout_words"] = verdict.timeout_words
    if verdict.quiet is not None:
        wait |= {"quiet_seconds": verdict.quiet.total_seconds(), "events": 0, "last": None}
    default = course.now + MAXIMUM_WAIT if match is not None else course.now
    _let_wait(course, token, due or default, wait)


def _awaited(verdict: Wait) -> tuple[str, Json]:
    if verdict.for_event is not None:
        return "event", dict(verdict.for_event)
    if verdict.for_person is not None:
        return "person", dict(verdict.for_person)
    return "time", None


def _let_wait(course: Course, token: Token, due: datetime, wait: dict[str, Json]) -> None:
    waiting = replace(token, state=TokenState.WAITING, wake_at=due, wait=wait)
    course.put(waiting)
    if not wake_if_due(course, waiting):
        course.record(waiting, StepStatus.WAITING, words=wait.get("words"))
        course.arm(waiting)


def _woken(course: Course, token: Token, woken: Woken) -> None:
    wait = token.wait or {}
    if token.state is TokenState.RETRYING:
        course.start_anew(token)
    elif wait.get("kind") == "again":
        _once_more(course, token, wait["passes"])
    elif "quiet_seconds" in wait and woken.reason is WakeReason.EVENT:
        _wait_anew(course, token, wait, woken.data)
    else:
        timed_out = woken.reason is WakeReason.TIMEOUT
        port = woken.port or wait.get("timeout_port" if timed_out else "port") or DONE_PORT
        words = woken.words or wait.get("said") or _usual_words(wait, timed_out=timed_out)
        data = woken.data
        if "quiet_seconds" in wait:
            data = {"events": wait["events"], "last": wait["last"]}
        course.record(token, StepStatus.SUCCEEDED, port, data, words)
        course.leave(token, port)


def _usual_words(wait: Mapping[str, Json], *, timed_out: bool) -> str | None:
    if not timed_out:
        return wait.get("words")
    words: str = wait.get("timeout_words") or _NOTHING_CAME
    times = wait.get("events", 0)
    return f"{words}{_CAME_ONCE if times == 1 else _came(times)}" if times else words


def _came(times: int) -> str:
    return f" Before that it came {times} times."


def _wait_anew(course: Course, token: Token, wait: Mapping[str, Json], data: Json) -> None:
    """Something happened: the quiet time begins once more, under a new id, so that the same
    event does not count twice."""
    due = course.now + timedelta(seconds=wait["quiet_seconds"])
    heard = {**wait, "events": wait["events"] + 1, "last": data}
    _let_wait(course, course.renew(token), due, heard)


def _each(course: Course, token: Token, verdict: Each) -> None:
    items = list(verdict.items)
    if len(items) > MAXIMUM_STEPS:
        fail(course, token, _TOO_MANY_ITEMS)
    elif not items or not course.flow.body_ways(token.node_id):
        _emit(course, token, Emit(DONE_PORT, {"results": []}))
    else:
        wait = {
            "kind": "each",
            "size": len(items),
            "next": 0,
            "open": 0,
            "parallel": min(max(verdict.parallel, 1), MAXIMUM_PARALLEL),
            "on_error": verdict.on_error,
        }
        course.record(token, StepStatus.RUNNING, output={"items": items})
        open_body(course, token, wait)


def _again(course: Course, token: Token, verdict: Again) -> None:
    passes = token.passes + 1
    due = course.now + min(verdict.wait, MAXIMUM_WAIT)
    if due > course.now:
        wait = {"kind": "again", "passes": passes, "deadline": "time"}
        _let_wait(course, token, due, wait)
    else:
        course.record(token, StepStatus.RUNNING)
        _once_more(course, token, passes)


def _once_more(course: Course, token: Token, passes: int) -> None:
    """Run the node's body once more, or without a body the node itself."""
    if course.flow.body_ways(token.node_id):
        wait = {
            "kind": "again",
            "size": passes,
            "next": passes - 1,
            "open": 0,
            "parallel": 1,
            "passes": passes,
        }
        open_body(course, token, wait)
    else:
        course.start_anew(replace(token, wait={"passes": passes}))


def _call(course: Course, token: Token, verdict: Call) -> None:
    wait = {
        "kind": "call",
        "workflow": verdict.workflow,
        "version": verdict.version,
        "data": verdict.data,
    }
    calling = replace(token, state=TokenState.CALLING, wait=wait)
    course.record(calling, StepStatus.WAITING)
    course.arm(calling)


_MEANING: dict[type, Callable[[Course, Token, Any], None]] = {
    Emit: _emit,
    Stop: _stop,
    Wait: _wait,
    Each: _each,
    Again: _again,
    Call: _call,
    Failure: _fail,
    Postponed: _postpone,
    Woken: _woken,
}
