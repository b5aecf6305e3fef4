"""The published lists are the lists that exist, and their examples are true."""

import re
from typing import Any

import pytest

from cartwheel.expressions.filters import FILTERS
from cartwheel.expressions.operators import OPERATORS
from cartwheel.expressions.rules import compile_rules
from cartwheel.expressions.texts import compile_text
from tests.expressions.conftest import DOCUMENTATION

_CELL = re.compile(r"(?<!\\)\|")


def table_below(heading: str) -> list[list[str]]:
    """The rows of the first table whose head begins with `heading`, as cells."""
    lines = DOCUMENTATION.read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
        rows.append([cell.strip("`") if cell.startswith("`") else cell for cell in cells])
    return rows


FILTER_ROWS = table_below("Filter")
OPERATOR_ROWS = table_below("Operator")


def test_every_filter_is_published_and_nothing_else() -> None:
    assert [row[0] for row in FILTER_ROWS] == sorted(FILTERS)


def test_every_operator_is_published_and_nothing_else() -> None:
    assert [row[0] for row in OPERATOR_ROWS] == list(OPERATORS)


@pytest.mark.parametrize(("name", "_what", "example", "result"), FILTER_ROWS)
def test_the_published_example_of_a_filter_is_true(
    name: str, _what: str, example: str, result: str, scope: dict[str, Any]
) -> None:
    assert name in example

    assert compile_text(example).render(scope) == result


@pytest.mark.parametrize(("name", "_what", "example", "holds"), OPERATOR_ROWS)
def test_the_published_example_of_an_operator_is_true(
    name: str, _what: str, example: str, holds: str, scope: dict[str, Any]
) -> None:
    field, operator, *value = example.split(" ", 2)
    assert operator == name
    rule = {"field": field, "operator": operator, "value": value[0] if value else None}

    judgement = compile_rules({"combinator": "and", "rules": [rule]}).judge(scope)

    assert judgement.holds is (holds == "yes")
