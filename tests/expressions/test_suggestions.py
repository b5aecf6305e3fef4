"""Slips of the pen are recognised."""

import pytest

from cartwheel.expressions.suggestions import closest

NAMES = ["first_name", "last_name", "email", "Total"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("frist_name", "first_name"),
        ("firstname", "first_name"),
        ("EMAIL", "email"),
        ("totl", "Total"),
        ("zebra", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_the_closest_name_is_suggested(name: str, meant: str | None) -> None:
    assert closest(name, NAMES) == meant


def test_without_candidates_there_is_no_suggestion() -> None:
    assert closest("name", []) is None
