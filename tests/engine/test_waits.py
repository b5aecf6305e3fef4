"""The rules of docs/decisions/0004-engine.md, one by one: waits, pauses, limits."""

from dataclasses import replace
from datetime import timedelta

from cartwheel.node_sdk import Emit, Wait
from cartwheel.runs.tokens import Outcome, RunStatus, WakeReason, Woken
from tests.engine.drawing import NOON, Behaviour, draw
from tests.engine.playing import FAILURE, Play, played

DAY = timedelta(days=1)


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


def test_a_quiet_time_says_in_its_own_words_that_it_is_over_and_how_often_it_began_anew() -> None:
    quiet = "It has been quiet: no “x” for 1 day."
    for times, more in (
        (0, ""),
        (1, " Before that it came once."),
        (3, " Before that it came 3 times."),
    ):
        play = waiting(
            Wait(for_event={"type": "x"}, timeout=NOON + DAY, quiet=DAY, timeout_words=quiet)
        )
        for _ in range(times):
            wake(play, Woken(WakeReason.EVENT, {}))
        play.wake(NOON + DAY)
        assert play.store.steps["w", ""].words == quiet + more


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
