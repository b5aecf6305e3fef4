"""Conditions decide as a merchant reads them, and say why."""

from typing import Any

import pytest

from cartwheel.expressions.comparison import Comparison
from cartwheel.expressions.operators import OPERATORS, Needs
from cartwheel.expressions.problems import RuleError
from cartwheel.expressions.rules import Judgement, compile_rules
from cartwheel.expressions.values import ValueType, schema_type

NUMBER, MONEY, TEXT = ValueType.NUMBER, ValueType.MONEY, ValueType.TEXT
TIME, BOOLEAN = ValueType.TIME, ValueType.BOOLEAN


def judge(left: object, operator: str, value: object, type_: ValueType | None = None) -> bool:
    rule = {"field": "left", "operator": operator, "value": value}
    rules = compile_rules({"combinator": "and", "rules": [rule]})
    types = {"left": type_} if type_ else None
    return rules.judge({"left": left}, types=types).holds


def judge_on(scope: dict[str, Any], *rules: object, **group: object) -> Judgement:
    return compile_rules({"combinator": "and", "rules": list(rules), **group}).judge(scope)


def rule(field: str, operator: str, value: object = None, **more: object) -> dict[str, object]:
    return {"field": field, "operator": operator, "value": value, **more}


# --- operators and types ---

HOLDING = [
    # left, operator, value, type
    ("100", "=", "100.00", None),
    ("100", ">", "99.5", None),
    ("0.30", "=", 0.3, None),
    (976.48, "<", 1000, None),
    ("976.48", "<=", "976.48", None),
    ("976.48", ">=", 976.48, None),
    (-5, "<", "-4.9", None),
    ("007", "=", "7", None),
    ("Berlin", "=", "BERLIN", None),
    ("STRASSE", "=", "straße", None),
    ("apple", "<", "Banana", None),
    ("Zażółć", "contains", "ŻÓŁ", None),
    ("hello", "beginsWith", "HE", None),
    ("hello", "endsWith", "LO", None),
    (12345, "beginsWith", "123", None),
    ("12.50", "between", ["10", 20], None),
    ("12.50", "between", "20,10", None),
    ("b", "between", "a, c", None),
    ("EUR", "in", "usd, eur", None),
    (3, "in", [1, "3.0"], None),
    ("x", "notIn", "a,b", None),
    (True, "=", True, None),
    (True, "=", "true", None),
    (False, "=", "false", None),
    ("true", "=", True, None),
    ("2026-11-22T10:00:00+01:00", "=", "2026-11-22T09:00:00Z", None),
    ("2026-11-22T10:00:00Z", ">", "2026-11-21", None),
    ("2026-11-22T10:00:00Z", "=", "2026-11-22", None),
    ("2026-11-22", "between", "2026-11-01,2026-11-30", None),
    ("#1042", "matches", r"^#\d+$", None),
    ("abc", "doesNotMatch", "^ABC$", None),
    ("abc", "matches", "(?i)^ABC$", None),
    ("", "null", None, None),
    ("  ", "null", None, None),
    (None, "null", None, None),
    ([], "null", None, None),
    (0, "notNull", None, None),
    (False, "notNull", None, None),
    ("100", ">", "99.5", NUMBER),
    ("100.00", "=", 100, MONEY),
    ("100", "between", [99.5, "101"], MONEY),
    ("5", "in", ["5.0"], NUMBER),
    ("abc", "!=", "5", NUMBER),
    ("007", "!=", "7", TEXT),
    ("1.0", "!=", "1", TEXT),
    ("100", ">", "99.5", TEXT),
    ("true", "=", True, BOOLEAN),
    (True, "!=", "false", BOOLEAN),
    ("2026-11-22T09:00:00Z", "<", "2026-11-22T10:30:00+01:00", TIME),
    ("2026-11-22T09:00:00", "=", "2026-11-22T09:00:00Z", TIME),
    ("soon", "!=", "2026-11-22", TIME),
]
FAILING = [
    ("99.5", ">", "100", None),
    ("#1042", ">", 1000, None),
    ("#1042", "<", 1000, None),
    ("abc", "<", "5", None),
    ("5", "<", "abc", None),
    (True, ">", 0, None),
    (True, "=", 1, None),
    ("1e5", "=", 100000, None),
    ("²", "=", 2, None),
    ("hello", "contains", "x", None),
    ("12.50", "between", "13,20", None),
    ("x", "in", "a,b", None),
    ("abc", "matches", "^b", None),
    ("x", "null", None, None),
    ("abc", "=", "5", NUMBER),
    ("abc", ">", "5", MONEY),
    ("abc", "between", "1,5", NUMBER),
    ("007", "=", "7", TEXT),
    ("yes", "=", True, BOOLEAN),
    ("soon", "<", "2026-11-22", TIME),
    ("2026-11-22", ">", "2026-11-22T10:00:00Z", TIME),
    ("2026-99-99", "=", "2026-11-22", TIME),
]


@pytest.mark.parametrize(("left", "operator", "value", "type_"), HOLDING)
def test_a_comparison_holds(
    left: object, operator: str, value: object, type_: ValueType | None
) -> None:
    assert judge(left, operator, value, type_)


@pytest.mark.parametrize(("left", "operator", "value", "type_"), FAILING)
def test_a_comparison_fails(
    left: object, operator: str, value: object, type_: ValueType | None
) -> None:
    assert not judge(left, operator, value, type_)


def a_value_for(operator: str) -> object:
    needs = OPERATORS[operator].needs
    values = {Needs.NOTHING: None, Needs.TWO: ["1", "5"], Needs.SEVERAL: ["1", "x"]}
    return values.get(needs, "x")


OPPOSITES = [(one.opposite_of, name) for name, one in OPERATORS.items() if one.opposite_of]
ODD_VALUES: list[object] = [
    *(None, "", " ", "x", "1", 3, 2.5, True, False, "2026-11-22", [], ["x"], [None], {}),
    *({"a": 1}, [[1]], "1e999", float("1e300"), 10**40, "\ud800", "x" * 10_000, -0.0),
]


@pytest.mark.parametrize("type_", [None, *ValueType])
@pytest.mark.parametrize(("positive", "negative"), OPPOSITES)
def test_a_negative_operator_is_exactly_the_opposite(
    positive: str, negative: str, type_: ValueType | None
) -> None:
    asked = [value for value in ODD_VALUES if not isinstance(value, list)]
    value = a_value_for(positive)

    assert all(
        judge(left, positive, value, type_) != judge(left, negative, value, type_) for left in asked
    )


@pytest.mark.parametrize("type_", [None, *ValueType])
@pytest.mark.parametrize("operator", OPERATORS)
def test_no_value_makes_an_operator_raise(operator: str, type_: ValueType | None) -> None:
    scope = {"values": ODD_VALUES}
    value = a_value_for(operator)

    for place in range(len(ODD_VALUES)):
        asked = rule(f"values.{place}", operator, value)
        types = {"values": type_} if type_ else None
        judgement = compile_rules({"rules": [asked]}).judge(scope, types=types)
        assert isinstance(judgement.holds, bool)
        assert judgement.words


@pytest.mark.parametrize(
    "operator", [name for name, one in OPERATORS.items() if not one.opposite_of]
)
def test_nothing_fails_every_comparison_but_being_empty(operator: str) -> None:
    judgement = judge_on({}, rule("a.b.c", operator, a_value_for(operator)))

    assert judgement.holds is (operator == "null")


def test_a_day_is_a_day_in_the_shops_time_zone() -> None:
    rules = compile_rules({"rules": [rule("at", "=", "2026-11-23")]})
    scope = {"at": "2026-11-22T23:30:00Z"}

    assert not rules.judge(scope).holds
    assert rules.judge(scope, timezone="Europe/Warsaw").holds


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"type": "string"}, TEXT),
        ({"type": ["string", "null"]}, TEXT),
        ({"type": "integer"}, NUMBER),
        ({"type": "number"}, NUMBER),
        ({"type": "boolean"}, BOOLEAN),
        ({"type": "string", "format": "date-time"}, TIME),
        ({"type": "string", "format": "date"}, TIME),
        ({"type": "string", "x-widget": "money"}, MONEY),
        ({"type": "string", "format": "decimal"}, NUMBER),
        ({"type": ["string", "number"]}, None),
        ({"type": "object"}, None),
        ({}, None),
    ],
)
def test_a_schema_says_the_type(schema: dict[str, object], type_: ValueType | None) -> None:
    assert schema_type(schema) is type_


# --- the other side ---


def test_a_value_may_be_a_text_with_variables(scope: dict[str, Any]) -> None:
    asked = rule("customer.email", "=", "{{ customer.first_name | downcase }}@example.com")

    assert judge_on(scope, asked).holds


def test_a_value_of_one_variable_keeps_its_type(scope: dict[str, Any]) -> None:
    scope["wanted"] = ["x", "vip"]

    assert judge_on(scope, rule("order.tags", "in", "{{ wanted }}")).holds
    assert judge_on(scope, rule("order.total", ">", "{{ order.line_items.1.price }}")).holds


def test_a_joined_list_is_a_list_of_values(scope: dict[str, Any]) -> None:
    asked = rule("order.currency", "in", "{{ 'USD,EUR' | downcase }}")

    assert judge_on(scope, asked).holds


def test_a_value_may_be_another_field(scope: dict[str, Any]) -> None:
    asked = rule("order.total", ">", "order.line_items.1.price", valueSource="field")

    assert judge_on(scope, asked).holds


def test_a_value_without_content_is_nothing_to_compare_with(scope: dict[str, Any]) -> None:
    judgement = judge_on(scope, rule("order.total", ">", "{{ order.note }}"))

    assert not judgement.holds
    assert judgement.words == "order.total is 369.97, but there is nothing to compare it with"


# --- lists ---


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (rule("order.line_items.sku", "=", "T-1"), True),
        (rule("order.line_items.sku", "!=", "T-1"), True),
        (rule("order.line_items.sku", "=", "T-1", quantifier="any"), True),
        (rule("order.line_items.sku", "=", "T-1", quantifier="all"), False),
        (rule("order.line_items.sku", "=", "T-1", quantifier="none"), False),
        (rule("order.line_items.sku", "=", "X", quantifier="none"), True),
        (rule("order.line_items.quantity", ">=", 1, quantifier="all"), True),
        (rule("order.line_items.0.sku", "=", "T-1"), True),
        (rule("order.line_items.size", ">", 1), True),
        (rule("order.tags", "contains", "vip"), True),
        (rule("order.tags", "contains", "vi"), False),
        (rule("order.tags", "contains", "vi", quantifier="any"), True),
        (rule("order.tags", "doesNotContain", "vip"), False),
        (rule("order.tags", "=", "new"), True),
        (rule("order.tags", "in", "new, old"), True),
        (rule("order.tags", "null"), False),
        (rule("order.line_items.color", "null", quantifier="all"), True),
        (rule("order.empty", "=", "x"), False),
        (rule("order.empty.sku", "=", "x", quantifier="all"), True),
        (rule("order.empty.sku", "=", "x", quantifier="none"), True),
        (rule("order.parcels.items.sku", "=", "B"), True),
        (rule("order.parcels.items.sku", "=", "B", quantifier="all"), False),
    ],
)
def test_a_field_that_runs_through_a_list(
    asked: dict[str, object], holds: bool, scope: dict[str, Any]
) -> None:
    scope["order"]["empty"] = []
    scope["order"]["parcels"] = [{"items": [{"sku": "A"}]}, {"items": [{"sku": "B"}]}, {}]

    assert judge_on(scope, asked).holds is holds


def entries(mode: str, *rules: object, field: str = "order.line_items", **match: object) -> object:
    group = {"combinator": "and", "rules": list(rules)}
    return {"field": field, "operator": "=", "match": {"mode": mode, **match}, "value": group}


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (entries("some", rule("sku", "=", "T-1"), rule("quantity", "=", 2)), True),
        (entries("some", rule("sku", "=", "T-1"), rule("quantity", "=", 1)), False),
        (entries("all", rule("quantity", ">", 0)), True),
        (entries("all", rule("quantity", ">", 1)), False),
        (entries("none", rule("quantity", ">", 5)), True),
        (entries("atLeast", rule("quantity", ">", 0), threshold=2), True),
        (entries("atLeast", rule("quantity", ">", 0), threshold=3), False),
        (entries("atLeast", rule("quantity", ">", 1), threshold=0.5), True),
        (entries("atMost", rule("quantity", ">", 0), threshold=1), False),
        (entries("exactly", rule("quantity", ">", 1), threshold=1), True),
        (entries("some", rule("", "=", "vip"), field="order.tags"), True),
        (entries("all", rule("", "=", "vip"), field="order.tags"), False),
        (entries("all", rule("x", "=", 1), field="order.nothing"), True),
        (entries("some", rule("x", "=", 1), field="order.nothing"), False),
    ],
)
def test_rules_for_the_entries_of_a_list(asked: object, holds: bool, scope: dict[str, Any]) -> None:
    assert judge_on(scope, asked).holds is holds


def test_the_type_of_an_entrys_field_is_found(scope: dict[str, Any]) -> None:
    asked = entries("some", rule("sku", "=", "007"))
    scope["order"]["line_items"] = [{"sku": "7"}]
    rules = compile_rules({"rules": [asked]})

    assert rules.judge(scope).holds
    assert not rules.judge(scope, types={"order.line_items.sku": TEXT}).holds


def test_the_type_of_a_step_named_by_a_number_is_found() -> None:
    rules = compile_rules({"rules": [rule("steps.5.list.0.code", "=", "7")]})
    scope = {"steps": {"5": {"list": [{"code": "007"}]}}}

    assert rules.judge(scope).holds
    assert not rules.judge(scope, types={"steps.5.list.0.code": TEXT}).holds


# --- groups ---

YES, NO = rule("a", "=", 1), rule("a", "=", 2)


@pytest.mark.parametrize(
    ("group", "holds"),
    [
        ({"combinator": "and", "rules": [YES, NO]}, False),
        ({"combinator": "and", "rules": [YES, YES]}, True),
        ({"combinator": "or", "rules": [YES, NO]}, True),
        ({"combinator": "or", "rules": [NO, NO]}, False),
        ({"combinator": "and", "not": True, "rules": [YES, NO]}, True),
        ({"combinator": "or", "not": True, "rules": [YES, NO]}, False),
        ({"combinator": "and", "rules": [YES, {"combinator": "or", "rules": [NO, YES]}]}, True),
        ({"combinator": "and", "rules": [YES, {**NO, "muted": True}]}, True),
        ({"combinator": "and", "rules": []}, True),
        ({"combinator": "or", "rules": []}, True),
    ],
)
def test_groups_are_taken_together(group: dict[str, object], holds: bool) -> None:
    assert compile_rules(group).judge({"a": 1}).holds is holds


# --- words ---


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (rule("order.total", ">", "1000"), "order.total is 369.97, which is not above 1,000"),
        (rule("order.total", "<", "1000"), "order.total is 369.97, which is below 1,000"),
        (rule("order.note", ">", "5"), "order.note has no value, so it is not above 5"),
        (rule("order.note", "null"), "order.note is empty"),
        (rule("order.name", "null"), "order.name is #1042, which is not empty"),
        (
            rule("order.total", "between", "1,5"),
            "order.total is 369.97, which is not between 1 and 5",
        ),
        (
            rule("order.currency", "in", "USD,PLN"),
            "order.currency is EUR, which is not one of USD, PLN",
        ),
        (rule("order.tags", "contains", "vip"), "order.tags is VIP, new, which contains vip"),
        (
            rule("order.line_items.sku", "=", "X"),
            "order.line_items.sku is T-1, P-9, of which none equals X",
        ),
        (
            rule("order.created_at", ">", "2026-12-01"),
            "order.created_at is 2026-11-22T21:05:00Z, which is not after 2026-12-01",
        ),
        (
            entries("all", rule("quantity", ">", 1)),
            "1 of 2 entries of order.line_items match, and all had to",
        ),
        (
            entries("atLeast", rule("quantity", ">", 1), threshold=2),
            "1 of 2 entries of order.line_items match, and at least 2 had to",
        ),
    ],
)
def test_the_sentence_shows_the_compared_values(
    asked: object, words: str, scope: dict[str, Any]
) -> None:
    assert judge_on(scope, asked).words == words


def test_what_decided_comes_first(scope: dict[str, Any]) -> None:
    asked = [rule("order.total", ">", "1"), rule("order.total", ">", "1000")]

    failed = judge_on(scope, *asked)
    passed = judge_on(scope, *reversed(asked), combinator="or")

    assert failed.words.startswith("order.total is 369.97, which is not above 1,000; ")
    assert passed.words.startswith("order.total is 369.97, which is above 1; ")


def test_a_turned_group_says_so() -> None:
    judgement = judge_on({"a": 1}, YES, **{"not": True})

    assert judgement.words == "the opposite was asked of this: a is 1, which equals 1"


def test_many_sentences_are_cut_short() -> None:
    judgement = judge_on({"a": 1}, *[YES] * 10)

    assert judgement.words.endswith("; and 4 more")
    assert len(judgement.comparisons) == 10


def test_a_group_without_rules_says_so() -> None:
    assert judge_on({}).words == "There is nothing to check."


def test_the_comparisons_can_be_told_in_other_words(scope: dict[str, Any]) -> None:
    judgement = judge_on(
        scope,
        rule("order.total", ">", "1000"),
        rule("order.line_items.sku", "=", "T-1", quantifier="all"),
    )

    assert judgement.comparisons == (
        Comparison("order.total", ">", "369.97", "1000", False),
        Comparison("order.line_items.sku", "=", ["T-1", "P-9"], "T-1", False, "all"),
    )


def test_long_values_are_shortened() -> None:
    judgement = judge_on({"a": "x" * 1000}, rule("a", "=", "y"))

    assert len(judgement.words) < 150


def test_endless_lists_end_with_a_sentence() -> None:
    scope = {"a": list(range(60_000))}

    with pytest.raises(RuleError, match="compare more than 100,000 values"):
        judge_on(scope, rule("a", "=", -1), rule("a", "=", -2))
