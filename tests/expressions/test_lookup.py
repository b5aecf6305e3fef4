"""Paths reach data, and nothing else."""

import pytest

from cartwheel.expressions.lookup import MISSING, parse_path, read, write_path

SCOPE = {"a": {"b": [{"c": 1}, {"c": 2}], "size": "XL", "0": "zero"}, "text": "word", "n": None}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("a.b.0.c", 1),
        ("a.b[1].c", 2),
        ("a.b[-1].c", 2),
        ("a['b'].last.c", 2),
        ("a.b.size", 2),
        ("a.size", "XL"),
        ("a.0", "zero"),
        ("text.size", 4),
        ("n", None),
    ],
)
def test_a_value_is_found(written: str, value: object) -> None:
    path = parse_path(written)

    assert path is not None
    assert read(SCOPE, path) == value


@pytest.mark.parametrize(
    "path",
    [
        ("x",),
        ("n", "x"),
        ("a", "b", "9"),
        ("a", "b", "c"),
        ("a", "b", "99999999999999999999999"),
        ("a", "b", "٣"),
        ("text", "0"),
        ("text", "first"),
        ("a", "__class__"),
        ("text", "upper"),
        ("a", "keys"),
        ("a", "b", "__len__"),
        ("",),
    ],
)
def test_what_is_not_there_is_missing_and_nothing_raises(path: tuple[str, ...]) -> None:
    assert read(SCOPE, path) is MISSING


@pytest.mark.parametrize(
    "written",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "1",
        "a[",
        "a[]",
        "a['b",
        "a()",
        "a|b",
        "true",
        "nil",
        "a[b]",
        "-a",
    ],
)
def test_what_is_no_plain_path_is_none(written: str) -> None:
    assert parse_path(written) is None


def test_a_path_is_written_with_dots() -> None:
    assert write_path(("order", "line_items", "0", "title")) == "order.line_items.0.title"
