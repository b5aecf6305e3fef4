"""F19: the last node of a long run costs what an early one cost. Counted in calls, not in time."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from cartwheel.node_sdk import Each, Emit
from cartwheel.runs import engine
from cartwheel.runs.tokens import Advance, Close, Outcome, Start
from tests.engine.drawing import NOON, Behaviour, Drawing, draw


def calls_in(work: Callable[[], None]) -> int:
    """How many functions are called during `work`, C functions included."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def pending(advance: Advance) -> list[Start | Close]:
    return [command for command in advance.commands if isinstance(command, Start | Close)]


def costs(drawing: Drawing, first: Each | None = None) -> list[int]:
    """What each advance of a run costs, one outcome at a time."""
    flow = drawing.flow
    advance = engine.begin(flow, NOON)
    state = advance.state
    to_do = pending(advance)
    found: list[int] = []

    def go_on() -> None:
        nonlocal advance
        verdict = Emit("done", {"results": []}) if isinstance(command, Close) else emitted
        advance = engine.advance(flow, state, [Outcome(command.token.id, verdict)], NOON)

    while to_do:
        command = to_do.pop(0)
        emitted = first if first and command.token.node_id == "e" else Emit()
        found.append(calls_in(go_on))
        state = advance.state
        to_do += pending(advance)
    return found


def test_node_500_of_a_chain_costs_what_node_5_costs() -> None:
    cost = costs(draw(" > ".join(["t", *(f"n{number}" for number in range(500))])))
    assert len(cost) == 501
    assert cost[495] <= cost[5]


def test_the_last_of_500_branches_costs_what_the_first_costs() -> None:
    cost = costs(draw(*(f"t > n{number} > m{number}" for number in range(500))))
    assert cost[900] <= cost[10] + 5


@pytest.mark.parametrize("parallel", [1, 20])
def test_item_5000_of_a_body_costs_what_item_50_costs(parallel: int) -> None:
    drawing = draw("t > e > z", "e.body > x > m", "e.body > y > m", e=Behaviour("each"))
    cost = costs(drawing, Each(list(range(5_000)), parallel))
    assert len(cost) == 2 + 3 * 5_000 + 2
    assert max(cost[-3_100:-100]) <= max(cost[100:3_100])
