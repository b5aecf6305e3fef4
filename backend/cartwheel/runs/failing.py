"""Who takes a failure: the step's error port, a body around the step, or the whole run."""

from dataclasses import replace

from cartwheel.runs.course import Course
from cartwheel.runs.flow import ERROR_PORT
from cartwheel.runs.tokens import OUTCOME_UNKNOWN, Failure, StepStatus, Token, TokenState


def fail(course: Course, token: Token, failure: Failure) -> None:
    """A step failed."""
    if _has_error_way(course, token):
        _leave_by_error(course, token, failure)
        return
    _record_failure(course, token, failure)
    inner = token
    while (opener := _opener(course, inner)) is not None:
        if (opener.wait or {}).get("on_error") == "continue":
            _end_pass(course, opener, inner.iteration, failure, token)
            return
        if _has_error_way(course, opener):
            course.clear(_inside(course, opener), failure, token)
            _leave_by_error(course, opener, failure)
            return
        inner = opener
    _stand(course, token, failure)


def end_in_failure(course: Course, token: Token, failure: Failure) -> None:
    """A step ends the whole run as a failure; no error port and no body takes it."""
    _record_failure(course, token, failure)
    _stand(course, token, failure, failure.message)


def _stand(course: Course, token: Token, failure: Failure, label: str | None = None) -> None:
    course.put(replace(token, state=TokenState.FAILED, wake_at=None))
    course.fail_run(token.node_id, failure, label)


def _opener(course: Course, token: Token) -> Token | None:
    return None if token.parent is None else course.tokens.get(token.parent)


def _has_error_way(course: Course, token: Token) -> bool:
    return (token.node_id, ERROR_PORT) in course.flow.ways


def _leave_by_error(course: Course, token: Token, failure: Failure) -> None:
    _record_failure(course, token, failure, ERROR_PORT)
    course.leave(token, ERROR_PORT)


def _record_failure(
    course: Course, token: Token, failure: Failure, port: str | None = None
) -> None:
    unknown = failure.code == OUTCOME_UNKNOWN
    status = StepStatus.UNKNOWN if unknown else StepStatus.FAILED
    course.record(token, status, port, {"error": failure.document()}, error=failure)


def _end_pass(
    course: Course, opener: Token, iteration: str, failure: Failure, failed: Token
) -> None:
    """One pass failed and the body goes on with the next."""
    course.clear(_inside(course, opener, iteration), failure, failed)
    course.ended.append((opener.id, iteration))


def _inside(course: Course, opener: Token, iteration: str | None = None) -> list[Token]:
    """The tokens of a body, or of one pass through it, and of the bodies inside.

    An opener is older than what it opened, so that one look in the order of ids finds all.
    """
    inside: dict[int, Token] = {}
    for token in sorted(course.tokens.values(), key=lambda token: token.id):
        direct = token.parent == opener.id and iteration in {None, token.iteration}
        if direct or token.parent in inside:
            inside[token.id] = token
    return list(inside.values())
