"""A variable that does not exist is told before a workflow runs, also within lists of settings."""

from typing import Any

import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.workflows.validation import check_graph

ABSENT, UNKNOWN = "{{ order.nope }}", "“order.nope” does not exist: “order” has no “nope”."


def told(kind: str, **config: Any) -> list[tuple[str | None, str]]:
    """The problems of a step with these settings: field and sentence."""
    nodes = [
        {"id": "start", "type": "trigger.order_created@1"},
        {"id": "step", "type": kind, "config": config},
    ]
    edges = [{"source": "start", "target": "step"}]
    problems = check_graph({"schema": 1, "nodes": nodes, "edges": edges}, load_registry())
    return [(p.field, p.message) for p in problems if p.code != "missing_connection"]


def switch(*values: Any, **case: Any) -> list[tuple[str | None, str]]:
    cases = [{"id": f"c{n}", "value": value, **case} for n, value in enumerate(values)]
    return told("condition.switch@1", field="order.currency", cases=cases)


@pytest.mark.parametrize(
    ("kind", "config", "field"),
    [
        ("data.set", {"values": [{"name": "a", "value": "1"}, {"name": "b", "value": ABSENT}]},
         "/values/1/value"),
        ("data.compute", {"values": [{"name": "a", "operation": "add", "value": "1",
                                      "with": ABSENT}]}, "/values/0/with"),
        ("data.compute", {"values": [{"name": "a", "operation": "count", "list": "order.nope"}]},
         "/values/0/list"),
        ("flow.task", {"title": "Pack", "checklist": ["Box", ABSENT]}, "/checklist/1"),
        ("action.http_request", {"method": "GET", "url": "https://a.example",
                                 "headers": {"X-Order": ABSENT}}, "/headers/X-Order"),
        ("action.add_tags", {"target": "order", "tags": ["vip", ABSENT]}, "/tags/1"),
    ],
)  # fmt: skip
def test_each_list_of_settings_is_looked_into(
    kind: str, config: dict[str, Any], field: str
) -> None:
    problems = told(f"{kind}@1", **config)
    assert [place for place, _ in problems] == [field]
    assert "order.nope" in problems[0][1]


def test_the_cases_of_a_switch_are_looked_into() -> None:
    assert switch("EUR", ABSENT) == [("/cases/1/value", UNKNOWN)]
    assert switch(["EUR", ABSENT], operator="in") == [("/cases/0/value", UNKNOWN)]
    assert [place for place, _ in switch("{{ order.name | }}", "EUR")] == ["/cases/0/value"]


def test_a_case_that_could_never_be_compared_is_told_at_its_value() -> None:
    assert [place for place, _ in switch("EUR", operator="between")] == ["/cases/0/value"]


def test_a_value_that_is_not_there_is_told_once_at_its_setting() -> None:
    cases = [{"id": "a", "value": "x"}, {"id": "b", "value": "y"}]
    problems = told("condition.switch@1", field="order.nope", cases=cases)
    assert problems == [("/field", UNKNOWN)]


def test_cases_that_are_none_are_told_of_as_settings_only() -> None:
    problems = told("condition.switch@1", field="order.currency", cases=["x", {"id": "a"}])
    assert [place for place, _ in problems] == ["/cases/0", "/cases/1/value"]
