"""The rules of docs/decisions/0004-engine.md, one by one: tokens, joins, bodies."""

import pytest

from cartwheel.node_sdk import Each
from cartwheel.runs import engine
from cartwheel.runs.flow import Join, Shape, trace_flow
from cartwheel.runs.tokens import Outcome, RunStatus, StepStatus
from tests.engine.drawing import NOON, Arrow, Behaviour, draw
from tests.engine.playing import Play, played

WAITS = Behaviour("wait")


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
