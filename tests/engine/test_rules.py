"""The rules of docs/decisions/0004-engine.md, one by one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.node_sdk import Each, Emit, Stop, Wait
from cartwheel.runs import engine
from cartwheel.runs.flow import Join, Shape, trace_flow
from cartwheel.runs.tokens import Failure, Outcome, RunStatus, StepStatus, WakeReason, Woken
from tests.engine.drawing import NOON, Arrow, Behaviour, Drawing, draw
from tests.engine.playing import FAILURE, Play

FAILS = Behaviour("fail")
WAITS = Behaviour("wait")
DAY = timedelta(days=1)


def played(drawing: Drawing) -> Play:
    return Play(drawing).to_the_end()


# --- tokens, once, ends ---


def test_a_chain_runs_in_its_order_and_succeeds() -> None:
    play = played(draw("t > a > b > c"))
    assert play.order == ["t", "a", "b", "c"]
    assert play.state.status == RunStatus.SUCCEEDED


def test_a_token_without_an_edge_at_its_port_ends() -> None:
    play = played(draw("t > a", "a.left > b"))
    assert play.order == ["t", "a"]


def test_only_the_chosen_port_is_taken() -> None:
    play = played(draw("t > a", "a.left > b", "a > c", a=Behaviour(port="left")))
    assert play.order == ["t", "a", "b"]


def test_an_ordinary_node_runs_once_although_two_branches_lead_to_it() -> None:
    play = played(draw("t > a > d", "t > b > d", "t > c > d"))
    assert play.order.count("d") == 1
    assert play.ended["d", ""] == 1


def test_a_graph_without_a_trigger_cannot_run() -> None:
    with pytest.raises(ValueError, match="without a trigger"):
        engine.begin(trace_flow(None, {}, []), NOON)


def test_edges_that_close_a_circle_are_left_out() -> None:
    play = played(draw("t > a > b > a"))
    assert play.order == ["t", "a", "b"]


def test_an_edge_to_a_node_that_is_not_there_is_left_out() -> None:
    flow = trace_flow("t", {"t": Shape()}, [Arrow("e", "t", "done", "gone")])
    assert not flow.ways


# --- switched-off nodes ---


def test_a_node_that_is_switched_off_lets_the_token_through() -> None:
    play = played(draw("t > a > b", off=("a",)))
    assert play.order == ["t", "a", "b"]
    assert play.store.steps["a", ""].status is StepStatus.SKIPPED


def test_a_thousand_nodes_that_are_switched_off_are_passed_at_once() -> None:
    names = [f"n{number}" for number in range(1000)]
    play = played(draw(" > ".join(["t", *names, "end"]), off=tuple(names)))
    assert play.order[-1] == "end"


# --- joins ---


def test_a_join_of_all_waits_for_every_branch() -> None:
    play = played(draw("t > a > j", "t > b > j", "j > z", joins={"j": Join.ALL}, a=WAITS))
    assert play.order == ["t", "b", "a", "j", "z"]


def test_a_join_of_all_does_not_wait_for_a_branch_that_was_not_taken() -> None:
    drawing = draw("t > a", "a > b > j", "a.left > c > j", "t > j", joins={"j": Join.ALL})
    play = played(drawing)
    assert play.order == ["t", "a", "b", "j"]


def test_a_join_of_all_waits_for_a_body_behind_which_it_stands() -> None:
    drawing = draw(
        "t > e > j", "e.body > x", "t > b > j",
        joins={"j": Join.ALL}, e=Behaviour("each", times=3),
    )  # fmt: skip
    assert played(drawing).order == ["t", "b", "x", "x", "x", "e", "j"]


def test_a_join_of_all_that_only_one_branch_can_reach_goes_on_with_it() -> None:
    play = played(draw("t > a > j", "t > b > j", joins={"j": Join.ALL}, b=Behaviour(port="left")))
    assert play.order == ["t", "a", "b", "j"]


def test_joins_behind_joins_wait_for_each_other_in_the_drawn_order() -> None:
    drawing = draw(
        "t > a > j > k", "t > b > j", "t > k",
        joins={"j": Join.ALL, "k": Join.ALL}, b=WAITS,
    )  # fmt: skip
    assert played(drawing).order == ["t", "a", "b", "j", "k"]


def test_a_counting_join_goes_on_when_enough_have_come_and_later_ones_end() -> None:
    play = played(draw("t > a > j", "t > b > j", "t > c > j", "j > z", joins={"j": 2}, c=WAITS))
    assert play.order == ["t", "a", "b", "j", "z", "c"]


def test_a_counting_join_that_too_few_can_reach_is_skipped_with_words() -> None:
    play = played(draw("t > a > j", "t > b > j", "j > z", joins={"j": 2}, b=Behaviour(port="left")))
    step = play.store.steps["j", ""]
    assert (step.status, step.words) == (StepStatus.SKIPPED, "Only 1 of 2 paths came here.")
    assert "z" not in play.order


def test_a_join_inside_a_body_counts_only_tokens_of_its_own_pass() -> None:
    drawing = draw(
        "t > e", "e.body > x > j", "e.body > y > j",
        joins={"j": Join.ALL}, e=Behaviour("each", times=3, parallel=3), y=WAITS,
    )  # fmt: skip
    play = played(drawing)
    assert play.order.count("j") == 3


# --- bodies ---


def test_a_body_runs_once_per_item_and_then_the_node_is_done() -> None:
    play = played(draw("t > e > z", "e.body > x > y", e=Behaviour("each", times=3)))
    assert play.order == ["t", "x", "y", "x", "y", "x", "y", "e", "z"]
    assert {i for n, i, _ in play.records if n == "x"} == {"0", "1", "2"}


def test_a_body_inside_a_body_counts_its_passes_anew() -> None:
    drawing = draw(
        "t > e", "e.body > f", "f.body > x",
        e=Behaviour("each", times=2), f=Behaviour("each", times=2),
    )  # fmt: skip
    inner = [i for n, i, _ in sorted(played(drawing).records, key=str) if n == "x"]
    assert inner == ["0.0", "0.1", "1.0", "1.1"]


def test_no_more_passes_are_open_than_the_node_allows() -> None:
    drawing = draw("t > e", "e.body > x > y", e=Behaviour("each", times=9, parallel=3), x=WAITS)
    play = played(drawing)
    assert play.most_open == 1 + 3


def test_never_more_than_a_hundred_passes_are_open() -> None:
    drawing = draw("t > e", "e.body > x", e=Behaviour("each", times=250, parallel=9999), x=WAITS)
    assert played(drawing).most_open == 1 + 100


def test_a_list_without_items_is_done_at_once() -> None:
    play = played(draw("t > e > z", "e.body > x", e=Behaviour("each", times=0)))
    assert play.order == ["t", "e", "z"]
    assert play.store.steps["e", ""].output == {"results": []}


def test_a_body_to_which_nothing_is_drawn_is_done_at_once() -> None:
    assert played(draw("t > e > z", e=Behaviour("each", times=3))).order == ["t", "e", "z"]


def test_a_node_that_repeats_runs_its_body_until_it_is_content() -> None:
    play = played(draw("t > r > z", "r.body > x", r=Behaviour("again", times=3)))
    assert play.order == ["t", "x", "x", "x", "r", "z"]


def test_a_node_without_a_body_repeats_itself() -> None:
    play = played(draw("t > r > z", r=Behaviour("again", times=3)))
    assert play.order == ["t", "r", "z"]


def test_what_a_pass_visited_is_forgotten_when_it_has_ended() -> None:
    drawing = draw("t > e", "e.body > x > m", "e.body > y > m", e=Behaviour("each", times=50))
    play = Play(drawing).begin()
    most = 0
    while play.step():
        most = max(most, len(play.state.visited))
    assert most <= 1


def test_a_list_that_is_too_long_fails_with_a_sentence() -> None:
    play = Play(draw("t > e", "e.body > x")).begin()
    play.perform_some()
    play.tell([Outcome(play.pending()[0].id, Each([0] * 50_001))])
    assert play.finish is not None
    assert play.finish.error is not None
    assert play.finish.error.code == "too_many_items"


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


# --- waits ---


def waiting(verdict: Wait) -> Play:
    """A run whose step `w` has said `verdict`."""
    play = Play(draw("t > w > z", "w.timeout > late")).begin()
    play.perform_some()
    play.tell([Outcome(play.pending()[0].id, verdict)])
    return play


def wake(play: Play, woken: Woken) -> None:
    (token,) = play.state.tokens.values()
    play.tell([Outcome(token.id, woken)])


def test_a_wait_for_a_time_ends_when_it_has_come() -> None:
    play = waiting(Wait(until=NOON + DAY, words="Waits a day."))
    assert play.store.steps["w", ""].wake_at == NOON + DAY
    play.wake(NOON + DAY)
    assert play.to_do[-1].token.node_id == "z"
    assert play.store.steps["w", ""].words == "Waits a day."


def test_a_wait_is_not_over_a_moment_too_early() -> None:
    play = waiting(Wait(until=NOON + DAY))
    play.wake(NOON + DAY - timedelta(milliseconds=1))
    assert not play.to_do


def test_a_time_that_has_passed_is_not_waited_for() -> None:
    play = waiting(Wait(until=NOON - DAY))
    assert play.to_do[-1].token.node_id == "z"


def test_an_event_that_was_awaited_becomes_the_output_of_the_step() -> None:
    play = waiting(Wait(for_event={"type": "order_paid"}, timeout=NOON + DAY))
    wake(play, Woken(WakeReason.EVENT, {"order": {"id": "1"}}))
    assert play.store.steps["w", ""].output == {"order": {"id": "1"}}
    assert play.to_do[-1].token.node_id == "z"


def test_an_event_that_does_not_come_leaves_by_the_timeout_port() -> None:
    play = waiting(Wait(for_event={"type": "order_paid"}, timeout=NOON + DAY))
    play.wake(NOON + DAY)
    assert play.store.steps["w", ""].words == "Nothing came in time."
    assert play.to_do[-1].token.node_id == "late"


def test_a_person_who_was_awaited_wakes_the_step() -> None:
    play = waiting(Wait(for_person={"role": "owner"}, port="done"))
    wake(play, Woken(WakeReason.PERSON, {"approved": True}))
    assert play.to_do[-1].token.node_id == "z"


def test_a_wait_without_an_end_ends_after_a_year() -> None:
    play = waiting(Wait(for_event={"type": "order_paid"}))
    (token,) = play.state.tokens.values()
    assert token.wake_at == NOON + timedelta(days=366)


def test_a_wait_of_more_than_a_year_fails_with_a_sentence() -> None:
    play = waiting(Wait(until=NOON + timedelta(days=367)))
    assert play.finish is not None
    assert play.finish.error is not None
    assert play.finish.error.message == "A step can wait for one year at most."


def test_a_person_can_end_a_wait() -> None:
    play = waiting(Wait(until=NOON + DAY))
    wake(play, Woken(WakeReason.RELEASED))
    assert play.to_do[-1].token.node_id == "z"


def test_a_person_can_have_the_next_attempt_made_now() -> None:
    play = Play(draw("t > a", a=Behaviour("retry", times=1))).begin()
    play.perform_some()
    play.perform_some()
    wake(play, Woken(WakeReason.RELEASED))
    assert play.to_do[-1].token.attempt == 1


def test_a_called_workflow_gives_its_result_back() -> None:
    play = played(draw("t > c > z", c=Behaviour("call")))
    assert play.store.steps["c", ""].output == {"back": True}


def test_a_called_workflow_that_failed_is_the_steps_failure() -> None:
    play = Play(draw("t > c", "c.error > d", c=Behaviour("call"))).begin()
    play.perform_some()
    play.perform_some()
    (token,) = play.state.tokens.values()
    play.tell([Outcome(token.id, FAILURE)])
    assert play.to_do[-1].token.node_id == "d"


# --- paused, limits ---


def test_a_paused_run_takes_outcomes_down_and_begins_nothing_until_it_is_resumed() -> None:
    play = Play(draw("t > a > b")).begin()
    play.perform_some()
    (token,) = play.pending()
    play.state = replace(play.state, status=RunStatus.PAUSED)
    play.tell([Outcome(token.id, Emit())])
    assert not play.to_do
    play.resume()
    assert [t.node_id for t in play.pending()] == ["b"]


def test_a_run_is_stopped_after_fifty_thousand_steps() -> None:
    drawing = draw(
        "t > e", "e.body > f", "f.body > x", off=("x",),
        e=Behaviour("each", times=300), f=Behaviour("each", times=200),
    )  # fmt: skip
    play = played(drawing)
    assert play.finish is not None
    assert play.finish.error is not None
    assert play.finish.error.code == "too_many_steps"
    assert play.state.step_count == 50_001
