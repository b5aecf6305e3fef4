"""A number compared with what is no number never holds; it is said before anybody waits for it."""

from typing import Any

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.workflows.validation import check_graph

FAULT = "“order.total” is a number, and “{}” is none."


def told(*rules: dict[str, Any]) -> list[tuple[str | None, str]]:
    """The problems of a condition with these rules: field and sentence."""
    config = {"rules": {"combinator": "and", "rules": list(rules)}}
    nodes = [
        {"id": "start", "type": "trigger.order_created@1"},
        {"id": "if", "type": "condition.if@1", "config": config},
    ]
    edges = [{"source": "start", "target": "if"}]
    problems = check_graph({"schema": 1, "nodes": nodes, "edges": edges}, load_registry())
    return [(problem.field, problem.message) for problem in problems]


def rule(operator: str, value: Any, field: str = "order.total") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@pytest.mark.parametrize("value", ["100,50", "100 EUR", "1 000", "abc", "1e2"])
def test_what_is_no_number_is_pointed_out_at_its_value(value: str) -> None:
    assert told(rule(">", "5"), rule(">", value)) == [("/rules/rules/1/value", FAULT.format(value))]


def test_each_of_several_values_is_looked_at() -> None:
    assert told(rule("between", ["1", "many"]), rule("notIn", "1, 2, x")) == [
        ("/rules/rules/0/value", FAULT.format("many")),
        ("/rules/rules/1/value", FAULT.format("x")),
    ]


def test_entries_of_a_list_are_looked_at_too() -> None:
    inside = {"combinator": "and", "rules": [rule("=", "two", "quantity")]}
    found = told({"field": "order.line_items", "match": {"mode": "some"}, "value": inside})
    assert [message for _, message in found] == ["“quantity” is a number, and “two” is none."]


@pytest.mark.parametrize(
    "fine",
    [
        rule(">", "100.50"),
        rule(">", 100),
        rule(">", "{{ order.subtotal }}"),
        rule("beginsWith", "1,"),
        rule("=", "#1042", "order.name"),
        {**rule(">", "order.subtotal"), "valueSource": "field"},
    ],
)
def test_what_can_be_compared_is_left_alone(fine: dict[str, Any]) -> None:
    assert told(fine) == []


def test_the_cases_of_a_switch_are_looked_at_too() -> None:
    cases = [
        {"id": "a", "label": "A", "operator": ">=", "value": "100,50"},
        {"id": "b", "label": "B", "operator": "between", "value": ["1", "50"]},
        {"id": "c", "label": "C", "operator": "beginsWith", "value": "1,"},
    ]
    config = {"field": "order.total", "cases": cases}
    nodes = [
        {"id": "start", "type": "trigger.order_created@1"},
        {"id": "switch", "type": "condition.switch@1", "config": config},
    ]
    edges = [{"source": "start", "target": "switch"}]
    problems = check_graph({"schema": 1, "nodes": nodes, "edges": edges}, load_registry())
    assert [(each.field, each.message) for each in problems] == [
        ("/cases/0/value", FAULT.format("100,50"))
    ]
