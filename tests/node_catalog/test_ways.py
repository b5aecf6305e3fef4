"""Switches with ranges, and splits that keep every customer on one way."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import Emit, Json
from cartwheel.workflows.validation import check_graph
from node_catalog.flow.split.handler import run
from tests.node_catalog.stage import performed
from tests.runs.conftest import START, chain, node


def case(name: str, operator: str, value: Json) -> dict[str, Json]:
    return {"id": name, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("value", "way"), [("9.99", "small"), ("10", "middle"), ("99.999", "middle"), (100, "large")]
)
async def test_a_switch_by_ranges_of_money(value: Json, way: str) -> None:
    cases = [case("small", "<", "10"), case("middle", "<", "100.00"), case("large", ">=", "100")]
    config = {"field": "order.total", "cases": cases}
    played = await performed("condition.switch", config, {"order": {"total": value}})
    assert played.port == way


@pytest.mark.parametrize(
    ("date", "way"), [("2026-11-30T12:00:00Z", "autumn"), ("2026-12-05T12:00:00Z", "otherwise")]
)
async def test_a_switch_by_a_range_of_dates(date: str, way: str) -> None:
    cases = [case("autumn", "between", ["2026-09-01", "2026-12-01"])]
    config = {"field": "order.created_at", "cases": cases}
    played = await performed("condition.switch", config, {"order": {"created_at": date}})
    assert played.port == way


@pytest.mark.parametrize(
    ("first", "later", "said"),
    [
        (("between", ["1", "10"]), ("between", ["5", "20"]), "overlap"),
        (("between", ["2026-01-01", "2026-06-01"]), ("between", ["2026-05-01", "2026-07-01"]),
         "overlap"),
        ((">=", "50"), (">=", "100"), "never reached"),
        ((">", "50"), ("between", ["60", "70"]), "never reached"),
        (("=", "DE"), ("=", "DE"), "never reached"),
        ((">=", "100"), (">=", "50"), ""),
        (("between", ["1", "10"]), ("between", ["10", "20"]), ""),
        (("<", "10"), ("=", "10"), ""),
        (("=", "DE"), ("=", "PL"), ""),
    ],
)  # fmt: skip
def test_cases_that_get_in_each_others_way_are_told(
    first: tuple[str, Json], later: tuple[str, Json], said: str
) -> None:
    switch = {"field": "order.total", "cases": [case("a", *first), case("b", *later)]}
    graph = chain(START, node("which", "condition.switch@1", **switch))
    found = [p for p in check_graph(graph, load_registry()) if p.code == "cases_overlap"]
    assert [(p.field, p.severity) for p in found] == ([("/cases/1/value", "warning")] * bool(said))
    assert all(said in problem.message for problem in found)


async def test_a_split_keeps_its_proportions_and_every_customer_on_one_way() -> None:
    branches = [{"id": "a", "share": 3}, {"id": "b", "share": 1}]
    config = {"branches": branches, "hold_out": 10, "name": "autumn"}
    first = {who: await _way(config, who) for who in range(10_000)}
    shares = Counter(first.values())
    assert abs(shares["hold_out"] - 1_000) < 100
    assert abs(shares["a"] - 6_750) < 150
    assert abs(shares["b"] - 2_250) < 150
    again = {who: await _way(config, who, step="another") for who in range(0, 10_000, 10)}
    assert all(first[who] == way for who, way in again.items())
    changed = {**config, "branches": [*branches, {"id": "c", "share": 5}]}
    held = [who for who in range(1_000) if await _way(changed, who) == "hold_out"]
    assert held == [who for who in range(1_000) if first[who] == "hold_out"]


async def _way(config: dict[str, Any], who: int, step: str = "split") -> str:
    context = SimpleNamespace(
        node_id=step, read=lambda path: str(who) if path == "customer.id" else None
    )
    verdict = await run(context, config)
    assert isinstance(verdict, Emit)
    return verdict.port
