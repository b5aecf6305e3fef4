"""The rules of docs/decisions/0004-engine.md, one by one: failing, retrying, ending."""

from datetime import timedelta

import pytest

from cartwheel.node_sdk import Emit, Stop, Wait
from cartwheel.runs import engine
from cartwheel.runs.tokens import Failure, Outcome, RunStatus, StepStatus
from tests.engine.drawing import NOON, Behaviour, Drawing, draw
from tests.engine.playing import FAILURE, Play, played

FAILS = Behaviour("fail")
WAITS = Behaviour("wait")
DAY = timedelta(days=1)


# --- failures ---


def test_a_failure_leaves_by_the_error_port_where_one_is_drawn() -> None:
    play = played(draw("t > a > b", "a.error > c", a=FAILS))
    assert play.order == ["t", "a", "c"]
    step = play.store.steps["a", ""]
    assert (step.status, step.port) == (StepStatus.FAILED, "error")
    assert step.output == {"error": FAILURE.document()}


def test_a_failure_that_nobody_takes_fails_the_run_and_names_the_step() -> None:
    play = played(draw("t > a > b", a=FAILS))
    assert play.state.status == RunStatus.FAILED
    assert play.finish is not None
    assert (play.finish.error, play.finish.node_id) == (FAILURE, "a")


def test_an_unknown_outcome_is_recorded_as_unknown_and_leaves_by_error() -> None:
    play = Play(draw("t > a", "a.error > c")).begin()
    play.perform_some()
    play.tell([Outcome(play.pending()[0].id, Failure("outcome_unknown", "Nobody knows."))])
    assert play.store.steps["a", ""].status is StepStatus.UNKNOWN
    assert play.to_do[-1].token.node_id == "c"


def test_a_body_that_goes_on_skips_only_the_pass_that_failed() -> None:
    drawing = draw(
        "t > e > z", "e.body > x > y",
        e=Behaviour("each", times=3, on_error="continue"), x=FAILS,
    )  # fmt: skip
    play = played(drawing)
    assert play.order == ["t", "x", "x", "x", "e", "z"]
    assert play.state.status == RunStatus.SUCCEEDED


@pytest.mark.parametrize("kind", ["failing_call", "tried"])
def test_a_step_that_failed_in_a_pass_after_a_while_stays_failed(kind: str) -> None:
    """It had begun before it failed, like those that are cut short; it is not one of them."""
    told = Behaviour("failing_call" if kind == "failing_call" else "retry", times=1)
    each = Behaviour("each", times=1, on_error="continue")
    play = Play(draw("t > e", "e.body > c", e=each, c=told)).begin()
    while play.step():
        if kind == "tried" and (tried := [c.token for c in play.to_do if c.token.attempt]):
            play.pending()
            play.tell([Outcome(tried[0].id, FAILURE)])
    assert play.store.steps["c", "0"].status is StepStatus.FAILED
    assert play.ended["c", "0"] == 1


def test_a_body_that_stops_leaves_by_the_error_port_of_its_node() -> None:
    drawing = draw(
        "t > e > z", "e.body > x", "e.error > c", e=Behaviour("each", times=3), x=FAILS
    )  # fmt: skip
    play = played(drawing)
    assert play.order == ["t", "x", "e", "c"]
    assert play.store.steps["e", ""].error == FAILURE


def test_a_failure_deep_inside_is_taken_by_the_nearest_body_that_takes_it() -> None:
    drawing = draw(
        "t > e", "e.body > f", "f.body > x", "e.error > c",
        e=Behaviour("each", times=2), f=Behaviour("each", times=2, on_error="continue"), x=FAILS,
    )  # fmt: skip
    play = played(drawing)
    assert "c" not in play.order
    assert play.order.count("f") == 2


def test_other_branches_of_a_pass_that_failed_are_cancelled() -> None:
    drawing = draw(
        "t > e > z", "e.body > x", "e.body > w > y",
        e=Behaviour("each", times=1, on_error="continue"), w=WAITS, x=Behaviour("fail"),
    )  # fmt: skip
    play = Play(drawing).begin()
    while play.step():
        pass
    assert "y" not in play.order
    assert play.order[-2:] == ["e", "z"]


# --- a failed run stands still ---


def test_a_failed_run_keeps_its_tokens_and_begins_nothing() -> None:
    play = played(draw("t > a", "t > w > z", a=FAILS, w=WAITS))
    assert play.state.status == RunStatus.FAILED
    assert sorted(t.node_id for t in play.state.tokens.values()) == ["a", "w"]
    assert not play.to_do


def test_an_outcome_that_comes_after_the_failure_is_recorded_and_begins_nothing() -> None:
    play = Play(draw("t > a", "t > b > z")).begin()
    play.perform_some()
    a, b = play.pending()
    play.tell([Outcome(a.id, FAILURE)])
    play.tell([Outcome(b.id, Emit("done", {"sent": True}))])
    assert play.store.steps["b", ""].status is StepStatus.SUCCEEDED
    assert not play.to_do
    assert len(play.finishes) == 1


def test_a_retry_goes_on_with_the_failed_step_and_with_everything_that_stood_still() -> None:
    play = Play(draw("t > a > y", "t > w > z", w=WAITS)).begin()
    play.perform_some()
    failing, waiting = play.pending()
    play.tell([Outcome(waiting.id, Wait(until=NOON + DAY)), Outcome(failing.id, FAILURE)])
    play.retry()
    while play.step():
        pass
    assert play.state.status == RunStatus.SUCCEEDED
    assert {"y", "z"} <= set(play.order)


def test_a_retry_acts_anew_only_where_the_act_was_refused() -> None:
    play = played(draw("t > a", a=FAILS))
    kept = engine.retry(play.flow, play.state, play.now)
    anew = engine.retry(play.flow, play.state, play.now, refused={("a", "")})
    assert [t.round for t in kept.state.tokens.values()] == [0]
    assert [t.round for t in anew.state.tokens.values()] == [1]


def test_a_wait_that_is_over_at_the_retry_is_not_waited_for_again() -> None:
    play = Play(draw("t > a", "t > w > z")).begin()
    play.perform_some()
    failing, waiting = play.pending()
    play.tell([Outcome(waiting.id, Wait(until=NOON + DAY)), Outcome(failing.id, FAILURE)])
    play.now = NOON + 2 * DAY
    play.retry()
    assert sorted(command.token.node_id for command in play.to_do) == ["a", "z"]


def test_only_a_failed_run_can_be_retried() -> None:
    play = played(draw("t > a"))
    assert engine.retry(play.flow, play.state, play.now).state is play.state


# --- stop, cancel ---


def test_stop_ends_the_whole_run_and_names_it() -> None:
    play = played(draw("t > s", "t > w > z", s=Behaviour("stop"), w=WAITS))
    assert play.finish is not None
    assert (play.finish.status, play.finish.label) == (RunStatus.SUCCEEDED, "enough")
    assert not play.state.tokens


def test_stop_inside_a_body_ends_the_whole_run() -> None:
    play = played(
        draw("t > e > z", "e.body > s", e=Behaviour("each", times=3), s=Behaviour("stop"))
    )
    assert play.order[:2] == ["t", "s"]
    assert play.state.status == RunStatus.SUCCEEDED
    assert play.store.steps["e", ""].status is StepStatus.SKIPPED


def test_stop_as_a_failure_is_not_taken_by_an_error_port() -> None:
    play = Play(draw("t > s", "s.error > c")).begin()
    play.perform_some()
    play.tell([Outcome(play.pending()[0].id, Stop("Fraud", failed=True))])
    assert play.finish is not None
    assert (play.finish.status, play.finish.label) == (RunStatus.FAILED, "Fraud")
    assert not play.to_do


def test_what_waited_when_the_run_was_ended_is_recorded_as_skipped() -> None:
    play = Play(draw("t > s", "t > w")).begin()
    play.perform_some()
    s, w = play.pending()
    play.tell([Outcome(w.id, Wait(until=NOON + DAY)), Outcome(s.id, Stop())])
    assert play.store.steps["w", ""].status is StepStatus.SKIPPED


def test_a_cancelled_run_has_no_tokens_left() -> None:
    play = Play(draw("t > w", w=WAITS)).begin()
    play.perform_some()
    play.take(engine.cancel(play.flow, play.state, play.now))
    assert play.state.status == RunStatus.CANCELLED
    assert not play.state.tokens


@pytest.mark.parametrize("drawing", [draw("t > a"), draw("t > a", a=FAILS)])
def test_a_run_that_has_ended_cannot_be_cancelled(drawing: Drawing) -> None:
    play = played(drawing)
    assert engine.cancel(play.flow, play.state, play.now).state is play.state
