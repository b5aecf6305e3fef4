"""T11: no pattern keeps a worker busy."""

import pytest

from cartwheel.expressions.problems import RuleError
from cartwheel.expressions.rules import compile_rules


def matches(pattern: object, text: str) -> bool:
    rule = {"field": "text", "operator": "matches", "value": pattern}
    return compile_rules({"rules": [rule]}).judge({"text": text}).holds


CATASTROPHIC = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "(a*)*b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*a){20}",
    "^(a?){50}a{50}$",
    r"(\w+\s?)*!",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_catastrophic_pattern_is_harmless(pattern: str) -> None:
    # Python's own `re` needs 11 s for the first of these on 28 letters; each more doubles that.
    assert matches(pattern, "a" * 5_000 + "!") in (True, False)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?=a)", "Patterns cannot look ahead or behind"),
        ("(?!a)b", "Patterns cannot look ahead or behind"),
        ("(?<=a)b", "Patterns cannot look ahead or behind"),
        (r"(a)\1", "This pattern cannot be read"),
        ("(", "This pattern cannot be read"),
        ("[a", "This pattern cannot be read"),
        ("*", "This pattern cannot be read"),
        ("((a{100}){100}){100}", "This pattern repeats too much"),
        ("a{1001}", "This pattern repeats too much"),
        (r"(\pL{100}){9}", "This pattern repeats too much"),
        ("a" * 1_001, "A pattern can be 1000 bytes long"),
        ("é" * 501, "A pattern can be 1000 bytes long"),
        ("{{ order.name }}", "A pattern cannot hold variables"),
        ("", "Write a pattern"),
        (None, "Write a pattern"),
        (5, "Write a pattern"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_a_sentence(
    pattern: object, message: str
) -> None:
    with pytest.raises(RuleError, match=message.replace("(", r"\(")) as caught:
        matches(pattern, "text")
    assert caught.value.path == "rules.0.value"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "Zażółć 訂單 🛒", "x" * 100_000])
def test_any_text_can_be_matched(text: str) -> None:
    assert matches("(?s)^.*$", text)
