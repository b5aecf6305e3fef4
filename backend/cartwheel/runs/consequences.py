"""What follows by itself once a token has moved: nodes that are switched off, bodies, joins.

All of it works off the queues of a `Course`, so that neither a chain of a thousand nodes nor a
body of thousands of empty passes goes deep into the stack.
"""

from dataclasses import replace

from cartwheel.node_sdk import Json
from cartwheel.runs.course import Course
from cartwheel.runs.flow import Join
from cartwheel.runs.limits import MAXIMUM_STEPS
from cartwheel.runs.tokens import (
    Close,
    Failure,
    Finish,
    Place,
    RunStatus,
    Scope,
    StepStatus,
    Token,
    TokenState,
    is_closing,
)

_SWITCHED_OFF = "This step is switched off."
_TOO_MANY_STEPS = Failure(
    "too_many_steps",
    f"The run was stopped because it came to {MAXIMUM_STEPS:,} steps.",
    "Let it repeat fewer times, or split the work over several workflows.",
)


def settle(course: Course) -> None:
    """Carry out everything that follows without a step being performed."""
    while not _is_over(course):
        if course.passing:
            _pass_by(course, course.passing.popleft())
        elif course.ended:
            _end_scope(course, course.ended.popleft())
        elif not _settle_joins(course):
            return


def _is_over(course: Course) -> bool:
    if course.step_count > MAXIMUM_STEPS:
        course.fail_run(None, _TOO_MANY_STEPS)
        return True
    return course.finish is not None and course.finish.status is not RunStatus.FAILED


def _pass_by(course: Course, token: Token) -> None:
    port = course.flow.shape(token.node_id).passes_by or ""
    course.record(token, StepStatus.SKIPPED, port, words=_SWITCHED_OFF)
    course.leave(token, port)


# --- bodies ---


def open_body(course: Course, token: Token, wait: dict[str, Json]) -> None:
    """Start as many passes of the token's body as may run at once.

    `wait` becomes the token's own: how many passes there are (`size`), the `next` one, how many
    are `open`, how many may be (`parallel`), and whether a failed pass ends it (`on_error`).
    """
    while wait["next"] < wait["size"] and wait["open"] < wait["parallel"]:
        index = wait["next"]
        iteration = f"{token.iteration}.{index}" if token.iteration else str(index)
        wait["next"] += 1
        wait["open"] += 1
        for way in course.flow.body_ways(token.node_id):
            course.enter(way, token.id, iteration)
    opener = replace(token, state=TokenState.OPEN, wake_at=None, wait=wait)
    course.put(opener)
    if not is_closing(opener):
        return
    if wait["kind"] == "again":
        course.start_anew(replace(opener, wait={"passes": wait["passes"]}))
    else:
        course.begin(Close(opener))


def _end_scope(course: Course, scope: Scope) -> None:
    """The last token of a pass, or of the run itself, has ended."""
    parent, iteration = scope
    if parent is None:
        if not course.is_standing:
            course.finish = Finish(RunStatus.SUCCEEDED)
        return
    opener = course.tokens[parent]
    body = course.flow.bodies[opener.node_id]
    course.visited -= {(n, i) for n, i in course.visited if i == iteration and n in body}
    wait = dict(opener.wait or {})
    wait["open"] -= 1
    open_body(course, opener, wait)


# --- joins ---


def _settle_joins(course: Course) -> bool:
    """Let joins go whose time has come; True when something moved."""
    if not course.flow.upstream:
        return False
    parked: dict[tuple[Place, int | None], list[Token]] = {}
    for token in course.tokens.values():
        if token.state is TokenState.PARKED:
            parked.setdefault((token.place, token.parent), []).append(token)
    settled = [_settle_join(course, arrived) for arrived in parked.values()]
    return any(settled)


def _settle_join(course: Course, arrived: list[Token]) -> bool:
    first, *others = arrived
    shape = course.flow.shape(first.node_id)
    enough = shape.join is Join.COUNT and len(arrived) >= shape.count
    if not enough and _may_still_come(course, first):
        return False
    course.visited |= {first.place}
    for token in others:
        course.drop(token)
    if enough or shape.join is Join.ALL:
        course.start(replace(first, state=TokenState.READY))
    else:
        words = f"Only {len(arrived)} of {shape.count} paths came here."
        course.record(first, StepStatus.SKIPPED, words=words)
        course.drop(first)
    return True


def _may_still_come(course: Course, parked: Token) -> bool:
    """True while a token of the same pass stands where the join can be reached from."""
    upstream = course.flow.upstream[parked.node_id]
    return any(
        token.node_id in upstream
        for token in course.tokens.values()
        if token.parent == parked.parent and token.iteration == parked.iteration
    )
