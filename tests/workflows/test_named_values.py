"""What settings name (the values of `data.set`) is known to picker, check and conditions."""

from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.expressions.values import ValueType
from cartwheel.runs.plan import compile_plan
from cartwheel.workflows.graph import read_graph
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.validation import check_graph
from cartwheel.workflows.variables import variables_for, written

VALUES = [
    {"name": "greeting", "type": "text", "value": "Hi {{ customer.first_name }}"},
    {"name": "half", "type": "money", "value": "{{ order.total | divided_by: 2 }}"},
]


def _graph(field: str) -> dict[str, Any]:
    rule = {"field": field, "operator": ">", "value": "50"}
    nodes = [
        _node("start", "trigger.order_created@1"),
        _node("set", "data.set@1", values=VALUES),
        _node("if", "condition.if@1", rules={"combinator": "and", "rules": [rule]}),
    ]
    edges = [_edge("start", "set"), _edge("set", "if")]
    return {"schema": 1, "nodes": nodes, "edges": edges, "settings": {}}


def _node(node_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "config": config, "position": {"x": 0, "y": 0}}


def _edge(source: str, target: str) -> dict[str, str]:
    ports = {"sourceHandle": "done", "targetHandle": "in"}
    return {"id": f"{source}-{target}", "source": source, "target": target, **ports}


def test_the_picker_offers_the_values_by_their_names():
    typed = TypedGraph.of(read_graph(_graph("order.total")), load_registry())
    offered = {written(offer.path) for offer in variables_for(typed, "if")}
    assert {"steps.set.greeting", "steps.set.half"} <= offered


def test_a_value_that_was_not_named_is_unknown():
    problems = check_graph(_graph("steps.set.hlaf"), load_registry(), ())
    unknown = [problem for problem in problems if problem.code == "unknown_variable"]
    assert [problem.node_id for problem in unknown] == ["if"]
    assert "half" in (unknown[0].fix or unknown[0].message)


def test_a_condition_compares_a_value_by_the_type_that_was_chosen():
    plan = compile_plan(read_graph(_graph("steps.set.half")), load_registry())
    types = plan.steps["if"].types or {}
    assert types["steps.set.half"] is ValueType.MONEY
