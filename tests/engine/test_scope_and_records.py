"""What steps see of each other, what a body gives back, and what is written down."""

from datetime import timedelta

from cartwheel.node_sdk import Each, Emit, Json
from cartwheel.runs import engine
from cartwheel.runs.execution import Performed, collect
from cartwheel.runs.recorder import Timed, write_down
from cartwheel.runs.scope import RunScope, Surrounding, contact_scope
from cartwheel.runs.tokens import (
    Outcome,
    Postponed,
    RunState,
    RunStatus,
    StepStatus,
    Token,
    TokenState,
)
from tests.engine.drawing import NOON, Behaviour, draw
from tests.engine.playing import FAILURE

DATA: dict[str, Json] = {"order": {"id": "1"}, "customer": {"email": "ann@example.com"}}
LATER = NOON + timedelta(seconds=5)


def scope_of_run() -> RunScope:
    return RunScope(Surrounding("e1", "order_created", NOON, DATA, workspace={"name": "Shop"}), "t")


def in_bodies() -> tuple[RunScope, RunState]:
    """Two bodies, one in the other, with tokens 1 and 2 open and 3 inside both."""
    scope = scope_of_run()
    scope.keep("outer", "", {"items": ["a", "b"]})
    scope.keep("inner", "1", {"items": ["x", "y", "z"]})
    outer = Token(1, "outer", state=TokenState.OPEN)
    inner = Token(2, "inner", "1", parent=1, state=TokenState.OPEN)
    step = Token(3, "step", "1.2", parent=2)
    return scope, RunState(RunStatus.RUNNING, {1: outer, 2: inner, 3: step})


# --- scope ---


def test_the_events_objects_stand_under_their_own_names() -> None:
    seen = scope_of_run().of(Token(1, "a"), RunState(RunStatus.RUNNING))
    assert seen["order"] == {"id": "1"}
    assert seen["event"]["type"] == "order_created"
    assert seen["event"]["received_at"] == "2026-03-01T12:00:00.000Z"
    assert seen["steps"]["t"] == DATA


def test_a_step_sees_what_earlier_steps_gave() -> None:
    scope = scope_of_run()
    scope.keep("a", "", {"id": 7})
    assert scope.of(Token(2, "b"), RunState(RunStatus.RUNNING))["steps"]["a"] == {"id": 7}


def test_an_event_cannot_hide_what_stands_beside_it() -> None:
    scope = RunScope(Surrounding("e1", "odd", NOON, {"steps": "mine", "event": "mine"}), None)
    seen = scope.of(Token(1, "a"), RunState(RunStatus.RUNNING))
    assert seen["steps"] == {}
    assert seen["event"]["type"] == "odd"


def test_inside_a_body_item_and_index_are_those_of_the_innermost() -> None:
    scope, state = in_bodies()
    seen = scope.of(state.tokens[3], state)
    assert (seen["item"], seen["index"]) == ("z", 2)


def test_the_item_of_an_outer_body_is_reached_through_its_step() -> None:
    scope, state = in_bodies()
    assert scope.of(state.tokens[3], state)["steps"]["outer"] == {"item": "b", "index": 1}


def test_a_pass_does_not_see_the_steps_of_another_pass() -> None:
    scope, state = in_bodies()
    scope.keep("before", "1.2", {"mine": True})
    scope.keep("before", "1.0", {"mine": False})
    assert scope.of(state.tokens[3], state)["steps"]["before"] == {"mine": True}


def test_a_contact_is_told_by_an_address_or_a_number() -> None:
    assert contact_scope("ann@example.com")["email"] == "ann@example.com"
    assert contact_scope("+48600100200")["phone"] == "+48600100200"
    assert contact_scope(None) is None


# --- what a body gives back ---


def test_the_results_of_a_body_stand_in_the_order_of_its_items() -> None:
    drawing = draw("t > e", "e.body > x > y", e=Behaviour("each", times=2))
    opener = Token(1, "e", state=TokenState.OPEN, wait={"size": 2})
    recorded = {
        ("y", "1"): (StepStatus.SUCCEEDED, "y1"),
        ("x", "1"): (StepStatus.SUCCEEDED, "x1"),
        ("x", "0"): (StepStatus.SUCCEEDED, "x0"),
        ("y", "0"): (StepStatus.SKIPPED, None),
        ("t", ""): (StepStatus.SUCCEEDED, "t"),
        ("x", "0.0"): (StepStatus.SUCCEEDED, "deeper"),
    }
    assert collect(drawing.flow, opener, recorded.get) == {"results": ["x0", "y1"]}


def test_a_pass_without_records_gives_nothing() -> None:
    drawing = draw("t > e", "e.body > x", e=Behaviour("each", times=1))
    opener = Token(1, "e", "4", state=TokenState.OPEN, wait={"size": 1})
    assert collect(drawing.flow, opener, lambda _: None) == {"results": [None]}


# --- what is written down ---


def test_a_step_is_written_with_what_it_was_given_and_when_it_ran() -> None:
    flow = draw("t > a").flow
    begun = engine.begin(flow, NOON)
    (token,) = begun.state.tokens.values()
    after = engine.advance(
        flow, begun.state, [Outcome(token.id, Emit("done", {"a": 1}, "So."))], LATER
    )
    timed = {token.id: Timed(Performed(Emit(), {"to": "x"}), NOON)}
    changes = write_down(begun.state, after, timed, LATER)
    (step,) = changes.steps
    assert (step.input, step.output, step.words, step.port) == (
        {"to": "x"},
        {"a": 1},
        "So.",
        "done",
    )
    assert (step.started_at, step.finished_at, step.attempts) == (NOON, LATER, 1)


def test_only_tokens_that_changed_are_written() -> None:
    flow = draw("t > a", "t > b", "a > c").flow
    begun = engine.begin(flow, NOON)
    both = engine.advance(flow, begun.state, [Outcome(1, Emit())], NOON)
    after = engine.advance(flow, both.state, [Outcome(2, Emit())], NOON)
    changes = write_down(both.state, after, {}, NOON)
    assert [token.node_id for token in changes.tokens.put] == ["c"]
    assert changes.tokens.gone == (2,)


def test_a_waiting_run_wakes_at_the_earliest_of_its_waits() -> None:
    flow = draw("t > a", "t > b").flow
    begun = engine.begin(flow, NOON)
    both = engine.advance(flow, begun.state, [Outcome(1, Emit())], NOON)
    outcomes = [
        Outcome(2, Postponed(NOON + timedelta(hours=2), "later")),
        Outcome(3, Postponed(NOON + timedelta(hours=1), "later")),
    ]
    after = engine.advance(flow, both.state, outcomes, NOON)
    assert write_down(both.state, after, {}, NOON).run.wake_at == NOON + timedelta(hours=1)


def test_a_failed_run_is_written_with_its_reason_and_its_step() -> None:
    flow = draw("t > a").flow
    begun = engine.begin(flow, NOON)
    after = engine.advance(flow, begun.state, [Outcome(1, FAILURE)], NOON)
    run = write_down(begun.state, after, {}, NOON).run
    assert (run.status, run.error, run.failed_node) == (RunStatus.FAILED, FAILURE, "t")
    assert run.wake_at is None


def test_a_second_attempt_keeps_the_time_of_the_first() -> None:
    flow = draw("t > a").flow
    begun = engine.begin(flow, NOON)
    later = engine.advance(flow, begun.state, [Outcome(1, Postponed(LATER, "later"))], NOON)
    again = engine.resume(flow, later.state, LATER)
    (token,) = again.state.tokens.values()
    after = engine.advance(flow, again.state, [Outcome(token.id, Emit())], LATER)
    timed = {token.id: Timed(Performed(Emit()), LATER)}
    (step,) = write_down(again.state, after, timed, LATER).steps
    assert (step.started_at, step.attempts) == (None, 2)


def test_the_items_of_a_body_stand_once_in_the_openers_step() -> None:
    flow = draw("t > e", "e.body > x", e=Behaviour("each")).flow
    begun = engine.begin(flow, NOON)
    opened = engine.advance(flow, begun.state, [Outcome(1, Emit())], NOON)
    after = engine.advance(flow, opened.state, [Outcome(2, Each(["a", "b"]))], NOON)
    changes = write_down(opened.state, after, {}, NOON)
    (step,) = changes.steps
    assert (step.status, step.output) == (StepStatus.RUNNING, {"items": ["a", "b"]})
    assert all("items" not in (token.wait or {}) for token in changes.tokens.put)
