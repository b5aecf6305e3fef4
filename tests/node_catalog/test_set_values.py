"""Named values of each kind."""

from typing import Any

import pytest

from tests.node_catalog.stage import performed


async def made(kind: str, value: str, scope: dict[str, Any] | None = None) -> Any:
    config = {"values": [{"name": "x", "type": kind, "value": value}]}
    played = await performed("data.set", config, scope)
    return played.error or played.output["x"]


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("text", " a b ", " a b "),
        ("number", "3", 3),
        ("number", "3.0", 3),
        ("number", "-2.5", -2.5),
        ("number", "1e30", 1e30),
        ("money", "12.50", "12.50"),
        ("money", "1E+2", "100"),
        ("money", " 9 ", "9"),
        ("boolean", "Yes", True),
        ("boolean", "0", False),
        ("boolean", "", False),
        ("json", '{"a": [1, null]}', {"a": [1, None]}),
    ],
)
async def test_a_text_becomes_its_kind(kind: str, value: str, wanted: Any) -> None:
    assert await made(kind, value) == wanted


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "twelve"),
        ("number", "NaN"),
        ("number", "Infinity"),
        ("number", "1e999999"),
        ("money", "1e999999999"),
        ("money", "12,50"),
        ("boolean", "maybe"),
        ("json", "{"),
        ("json", "NaN"),
        ("json", "[1e999]"),
        ("json", "[" * 10_000),
        ("json", "[" * 900 + "]" * 900),
        ("json", '"\\u0000"'),
        ("json", '"\\ud800"'),
    ],
)
async def test_a_text_that_cannot_is_refused(kind: str, value: str) -> None:
    assert await made(kind, value) in {"bad_value", "bad_setting"}


async def test_quotes_in_a_value_cannot_break_json_around_it() -> None:
    assert await made("json", '{"n": "{{ n }}"}', {"n": 'a", "b": "c'}) == {"n": 'a", "b": "c'}


async def test_without_a_kind_it_is_text() -> None:
    played = await performed("data.set", {"values": [{"name": "x", "value": "5"}]})
    assert played.output == {"x": "5"}
