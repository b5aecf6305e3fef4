"""The sentences of a judgement: plain English, with the real values in them."""

from collections.abc import Sequence
from typing import Final

from cartwheel.expressions.comparison import Comparison
from cartwheel.expressions.operators import OPERATORS, MatchMode, Needs, Operator
from cartwheel.expressions.rule_tree import ListRule
from cartwheel.expressions.values import TooLong, as_number, as_text, as_time, is_blank

_LONGEST_VALUE: Final = 80
_MOST_VALUES: Final = 5
_MOST_SENTENCES: Final = 6
_TIME_WORDS = {
    "is below": "is before",
    "is not below": "is not before",
    "is above": "is after",
    "is not above": "is not after",
    "is at most": "is not after",
    "is at least": "is not before",
}
_COUNTED = {
    ("any", True): "at least one",
    ("any", False): "none",
    ("all", True): "each",
    ("all", False): "not each",
    ("none", True): "none",
    ("none", False): "at least one",
}
_ENTRY = "the entry"
_BY_SIZE = frozenset({"<", "<=", ">", ">=", "between", "notBetween"})


def one_sentence(sentences: Sequence[str]) -> str:
    """All of them in one, the first ones if they are many."""
    if not sentences:
        return "There is nothing to check."
    shown = "; ".join(sentences[:_MOST_SENTENCES])
    more = len(sentences) - _MOST_SENTENCES
    return f"{shown}; and {more} more" if more > 0 else shown


def opposite_sentence(sentences: Sequence[str]) -> str:
    """What is said of a group that is turned around."""
    return f"the opposite was asked of this: {one_sentence(sentences)}"


def count_sentence(rule: ListRule, passed: int, count: int, named: str) -> str:
    """How many entries of a list passed their rules, and how many had to."""
    name = named or _ENTRY
    if not count:
        return f"{name} has no entries, and {_wanted(rule)} had to match"
    return f"{passed} of {count} entries of {name} match, and {_wanted(rule)} had to"


def _wanted(rule: ListRule) -> str:
    number = f"{rule.threshold:g}"
    if 0 < rule.threshold < 1:
        number = f"{rule.threshold:.0%} of them"
    words = {
        MatchMode.SOME: "at least one",
        MatchMode.ALL: "all",
        MatchMode.NONE: "none",
        MatchMode.AT_LEAST: f"at least {number}",
        MatchMode.AT_MOST: f"at most {number}",
        MatchMode.EXACTLY: f"exactly {number}",
    }
    return words[rule.mode]


def rule_sentence(comparison: Comparison, named: str) -> str:
    """`Order total is 976.48, which is not above 1,000`; `named` is the field in words."""
    operator, name = OPERATORS[comparison.operator], named or _ENTRY
    if comparison.quantifier is not None:
        return _entries_sentence(comparison, operator, name)
    said = _said(comparison, operator, holds=comparison.holds)
    if is_blank(comparison.left):
        is_null_check = operator.needs is Needs.NOTHING
        return f"{name} is empty" if is_null_check else f"{name} has no value, so it {said}"
    if operator.needs is not Needs.NOTHING and is_blank(comparison.right):
        return f"{name} is {_left(comparison)}, but there is nothing to compare it with"
    return f"{name} is {_left(comparison)}, which {said}"


def _entries_sentence(comparison: Comparison, operator: Operator, name: str) -> str:
    if not comparison.left:
        return f"{name} has no entries"
    counted = _COUNTED[comparison.quantifier or "any", comparison.holds]
    said = _said(comparison, operator, holds=True)
    return f"{name} is {_left(comparison)}, of which {counted} {said}"


def _said(comparison: Comparison, operator: Operator, *, holds: bool) -> str:
    words = operator.holds if holds else operator.fails
    if as_time(comparison.left) is not None and as_time(comparison.right) is not None:
        words = _TIME_WORDS.get(words, words)
    if operator.needs is Needs.NOTHING:
        return words
    amounts = is_amount(comparison)
    if operator.needs is Needs.TWO and isinstance(comparison.right, list):
        return f"{words} {' and '.join(_shown(each, amounts) for each in comparison.right)}"
    return f"{words} {_shown(comparison.right, amounts)}"


def is_amount(comparison: Comparison) -> bool:
    """Whether numbers are compared by size; others may be postcodes or the numbers of orders."""
    return comparison.operator in _BY_SIZE


def _left(comparison: Comparison) -> str:
    return _shown(comparison.left, is_amount(comparison))


def _shown(value: object, amounts: bool = False) -> str:
    if is_blank(value):
        return "nothing"
    number = as_number(value) if amounts else None
    if number is not None:
        return f"{number:,f}"
    if isinstance(value, list):
        shown = ", ".join(_shown(each, amounts) for each in value[:_MOST_VALUES])
        more = len(value) - _MOST_VALUES
        return f"{shown} and {more} more" if more > 0 else shown
    try:
        text = as_text(value)
    except TooLong:
        return "a long list"
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
