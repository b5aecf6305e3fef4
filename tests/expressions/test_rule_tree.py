"""Every fault in a tree is named, with the way to it."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.expressions.problems import RuleError
from cartwheel.expressions.rules import compile_rules


def faults(tree: object) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        compile_rules(tree)
    return [(problem.path, problem.message) for problem in caught.value.problems]


def of(**rule: object) -> dict[str, object]:
    return {"combinator": "and", "rules": [{"field": "a", "operator": "=", "value": 1, **rule}]}


@pytest.mark.parametrize(
    ("tree", "path", "message"),
    [
        (None, "", "This is not a group of conditions."),
        ([], "", "This is not a group of conditions."),
        ({"rules": {}}, "", "This is not a group of conditions."),
        ({"combinator": "xor", "rules": []}, "combinator", "Choose “and” or “or” for this group."),
        ({"rules": [5]}, "rules.0", "This is not a condition."),
        ({"rules": [{"rules": [None]}]}, "rules.0.rules.0", "This is not a condition."),
        (of(field=""), "rules.0.field", "Choose what is to be compared."),
        (of(field="a b"), "rules.0.field", "Choose what is to be compared."),
        (of(field=5), "rules.0.field", "Choose what is to be compared."),
        (of(operator=None), "rules.0.operator", "Choose how it is compared."),
        (
            of(operator="contain"),
            "rules.0.operator",
            "Choose how it is compared. Did you mean “contains”?",
        ),
        (of(value=""), "rules.0.value", "Write a value to compare with, or choose “is empty”."),
        (of(value=None), "rules.0.value", "Write a value to compare with, or choose “is empty”."),
        (of(value={}), "rules.0.value", "Write a value to compare with, or choose “is empty”."),
        (of(value="{{ x"), "rules.0.value", "The “{{” here is never closed with “}}”."),
        (of(operator="in", value=""), "rules.0.value", "Write at least one value."),
        (
            of(operator="between", value="5"),
            "rules.0.value",
            "Write the lowest and the highest value.",
        ),
        (
            of(valueSource="field", value="a b"),
            "rules.0.value",
            "Choose the field to compare with.",
        ),
        (of(quantifier="most"), "rules.0.quantifier", "Choose “any”, “all” or “none”."),
        (
            of(match={"mode": "few"}, value={"rules": []}),
            "rules.0.match",
            "Choose how many entries must match: some, all, none, atLeast, atMost, exactly.",
        ),
        (
            of(match={"mode": "atLeast"}, value={"rules": []}),
            "rules.0.match",
            "Write how many entries must match.",
        ),
        (of(match={"mode": "all"}, value=1), "rules.0.value", "This is not a group of conditions."),
        (
            of(match={"mode": "all"}, value={"rules": [{"field": "x", "operator": "="}]}),
            "rules.0.value.rules.0.value",
            "Write a value to compare with, or choose “is empty”.",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tree: object, path: str, message: str) -> None:
    assert faults(tree) == [(path, message)]


def test_all_faults_are_named_at_once() -> None:
    tree = {"combinator": "nor", "rules": [{"field": "", "operator": "~"}, 7]}

    assert [path for path, _ in faults(tree)] == [
        "combinator",
        "rules.0.field",
        "rules.0.operator",
        "rules.1",
    ]


def nested(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"rules": []}
    for _ in range(depth - 1):
        tree = {"rules": [tree]}
    return tree


def test_groups_may_be_sixteen_deep() -> None:
    assert compile_rules(nested(16)).judge({}).holds
    assert faults(nested(17))[0][1] == "Groups can be nested 16 deep, not deeper."
    assert len(faults(nested(500))) == 1


def test_there_may_be_two_hundred_rules() -> None:
    rule = {"field": "a", "operator": "null"}

    assert compile_rules({"rules": [rule] * 200}).judge({}).holds
    assert len(faults({"rules": [rule] * 201})) == 1
    assert len(faults({"rules": [{"rules": [rule] * 100}] * 100_000})) == 1


def test_the_fields_that_are_read_are_known_with_their_places() -> None:
    tree = {
        "rules": [
            {"field": "order.total", "operator": ">", "value": "x.y", "valueSource": "field"},
            {"rules": [{"field": "customer.tags[0]", "operator": "null"}]},
            {
                "field": "order.line_items",
                "match": {"mode": "all"},
                "value": {
                    "rules": [{"field": "sku", "operator": "=", "value": "{{ wanted.sku }}"}]
                },
            },
        ]
    }

    rules = compile_rules(tree)

    assert [(".".join(use.path), use.where) for use in rules.fields] == [
        ("order.total", "rules.0.field"),
        ("x.y", "rules.0.value"),
        ("customer.tags.0", "rules.1.rules.0.field"),
        ("order.line_items", "rules.2.field"),
        ("order.line_items.sku", "rules.2.value.rules.0.field"),
    ]
    ((where, text),) = rules.texts
    assert where == "rules.2.value.rules.0.value"
    assert text.variables[0].path == ("wanted", "sku")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rules", "field", "operator", "value", "match", "mode", "not", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_tree_raises_anything_else(tree: object) -> None:
    with suppress(RuleError):
        assert isinstance(compile_rules(tree).judge({"x": tree}).holds, bool)
