"""The worker, the simulator and the naive interpreter come to the same steps, with the real node
types, whatever the graph and whatever happens while its runs wait."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cartwheel.catalog.registry import load_registry
from cartwheel.records.schemas import NewTable
from cartwheel.records.service import add_row, create_table
from cartwheel.runs.schemas import RunDetail
from cartwheel.simulation.stage import PlayedRun
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.entry import is_gated
from cartwheel.workflows.graph import read_graph
from tests.conftest import CHAOS
from tests.engine.reference import Expected, interpret
from tests.runs.conftest import Shop, Worker, chain, node
from tests.runs.drawn_graphs import BODIES, Case, Surroundings, drawn
from tests.runs.drawn_histories import let_happen, simulate

GRAPHS = 2_000 if CHAOS else 20
AT_ONCE = 50


def seeds(number: int) -> list[int]:
    """So many numbers by Hypothesis; other ones each time where many are asked for."""
    found: list[int] = []

    @settings(
        max_examples=number, phases=[Phase.generate], database=None, deadline=None,
        derandomize=number < 1_000, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**32))
    def draw(seed: int) -> None:
        found.append(seed)

    draw()
    return found[:number]


async def surroundings(shop: Shop) -> Surroundings:
    """Workflows to call, as `drawn_graphs.CALLEES` says, and a table with one row."""
    begin = node("begin", "trigger.called@1")
    half = [{"name": "x", "operation": "divide", "value": "{{ order.total }}", "with": "7"}]
    graphs = [node("half", "data.compute@1", values=half)]
    divides = await shop.activate(chain(begin, graphs[0]), "called")
    inner = node("inner", "flow.sub_workflow@1", workflow=divides)
    late = node("late", "flow.delay@1", amount=5, unit="hours")
    fails = node("no", "flow.stop@1", label="Out of stock", outcome="failure")
    others = [await shop.activate(chain(begin, each), "called") for each in (inner, late, fails)]
    wanted = {"name": "Drawn", "columns": [{"name": "name"}, {"name": "units", "type": "number"}]}
    table = await create_table(shop.database, 1, NewTable.model_validate({**wanted, "key": "name"}))
    await add_row(shop.database, 1, table.id, {"name": "here", "units": 1})
    return Surroundings([divides, *others, "?"], table.id)


# --- what is compared ---

_BY_CHANCE = {"id", "is_new", "sum", "left", "at", "decided_at"}
"""What depends on who came first, or on when it was."""
_TIMES_IN_WORDS = {"flow.wait_until@1", "data.save_row@1", "data.counter@1"}
"""These say when, or “would”, or how much it is by then."""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if name not in _BY_CHANCE}
    return [_plain(each) for each in value] if isinstance(value, list) else value


Steps = dict[tuple[str, str], tuple[Any, ...]]


def steps_of(run: RunDetail | PlayedRun, case: Case) -> Steps:
    """By node and pass: status, port, output and words, without what is chance."""
    kinds = case.kinds
    return {
        (s.node_id, s.iteration): (
            str(s.status), s.port, _plain(s.output),
            None if kinds[s.node_id] in _TIMES_IN_WORDS or s.status == "running" else s.words,
        )
        for s in run.steps
    }  # fmt: skip


_FINAL = {"succeeded", "failed", "skipped"}


def check_rules(status: str, steps: Steps, expected: Expected) -> None:
    """What the rules say of a run. Where something cuts others short it has a part of it."""
    assert status in expected.ends
    ended = {(*place, step[1]) for place, step in steps.items() if step[0] in _FINAL}
    if expected.is_exact:
        assert ended == expected.records
    else:
        assert {port for _, _, port in ended - expected.records} <= {None}


def check_agreement(worker: Steps, simulator: Steps, expected: Expected, case: Case) -> None:
    """The same steps; where something cuts others short, those that both came to, but for bodies,
    whose results tell of the others."""
    if expected.is_exact:
        assert worker == simulator
        return
    kinds = case.kinds
    for place in worker.keys() & simulator.keys():
        first, second = worker[place], simulator[place]
        if first[0] == second[0] == "succeeded" and kinds[place[0]] not in BODIES:
            assert first == second, place


def check(run: RunDetail, played: PlayedRun, case: Case) -> None:
    expected = interpret(case.drawing)
    worker, simulator = steps_of(run, case), steps_of(played, case)
    check_rules(run.status, worker, expected)
    check_rules(played.status.value, simulator, expected)
    check_agreement(worker, simulator, expected, case)


@pytest.mark.timeout(3_000 if GRAPHS > 1_000 else 120)
async def test_worker_simulator_and_the_rules_come_to_the_same_steps(
    shop: Shop, worker: Worker
) -> None:
    around, numbers = await surroundings(shop), seeds(GRAPHS)
    kinds: set[str] = set()
    for first in range(0, GRAPHS, AT_ONCE):
        some = range(first, min(first + AT_ONCE, GRAPHS))
        cases = [drawn(number, numbers[number], around) for number in some]
        for case in cases:
            await shop.activate(case.graph, case.event_type)
            kinds |= set(case.kinds.values())
        gated = [c.event_type for c in cases if is_gated(read_graph(c.graph))]
        await shop.database.run(gate(gated))
        simulated = {case.number: await simulate(shop, case) for case in cases}
        events = await let_happen(shop, worker, cases)
        for case in cases:
            run = await shop.run_of(events[case.number])
            try:
                check(run, simulated[case.number], case)
            except AssertionError as error:
                error.add_note(f"case {case.number}, seed {numbers[case.number]}: {case.graph}")
                raise
    assert gated
    assert kinds >= _drawable() - RARE, "a node type that nobody draws is not compared"


RARE = {"flow.stop@1"}
"""Cuts a run short, so that few of the drawn have it."""


def _drawable() -> set[str]:
    """Every node type that acts on the run or the shop's own data alone."""
    found = load_registry().types
    return {kind.ref for kind in found if kind.category in {"condition", "flow", "data"}}


def gate(event_types: list[str]) -> Transaction[None]:
    """What going live writes down of a filter and a rule of entry."""
    for event_type in event_types:
        yield Sql("UPDATE activation SET gated = 1 WHERE event_type = $1", (event_type,))
