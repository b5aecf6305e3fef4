"""The operators of conditions: what they ask, and the words for it.

The names are react-querybuilder's. The published list is in `docs/expressions.md`.
"""

from dataclasses import dataclass
from enum import Enum


class Needs(Enum):
    """What an operator compares with."""

    NOTHING = "nothing"
    ONE = "one value"
    TWO = "two values"
    SEVERAL = "several values"
    PATTERN = "a pattern"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    `holds` and `fails` are what is said of a value that passes and of one that does not, before
    the value it was compared with. `opposite_of` names the operator that this one turns around:
    it holds exactly where that one does not, for missing values too.
    """

    name: str
    holds: str
    fails: str
    needs: Needs = Needs.ONE
    opposite_of: str | None = None

    @property
    def asks_whole_list(self) -> bool:
        """Whether a list is asked as one thing: does it contain this, is it empty."""
        return (self.opposite_of or self.name) in ("contains", "null")


_ALL = (
    Operator("=", "equals", "does not equal"),
    Operator("!=", "does not equal", "equals", opposite_of="="),
    Operator("<", "is below", "is not below"),
    Operator("<=", "is at most", "is above"),
    Operator(">", "is above", "is not above"),
    Operator(">=", "is at least", "is below"),
    Operator("contains", "contains", "does not contain"),
    Operator("doesNotContain", "does not contain", "contains", opposite_of="contains"),
    Operator("beginsWith", "begins with", "does not begin with"),
    Operator("doesNotBeginWith", "does not begin with", "begins with", opposite_of="beginsWith"),
    Operator("endsWith", "ends with", "does not end with"),
    Operator("doesNotEndWith", "does not end with", "ends with", opposite_of="endsWith"),
    Operator("in", "is one of", "is not one of", Needs.SEVERAL),
    Operator("notIn", "is not one of", "is one of", Needs.SEVERAL, opposite_of="in"),
    Operator("between", "is between", "is not between", Needs.TWO),
    Operator("notBetween", "is not between", "is between", Needs.TWO, opposite_of="between"),
    Operator("null", "is empty", "is not empty", Needs.NOTHING),
    Operator("notNull", "is not empty", "is empty", Needs.NOTHING, opposite_of="null"),
    Operator("matches", "matches", "does not match", Needs.PATTERN),
    Operator("doesNotMatch", "does not match", "matches", Needs.PATTERN, opposite_of="matches"),
)

OPERATORS: dict[str, Operator] = {operator.name: operator for operator in _ALL}


class Quantifier(Enum):
    """How many entries of a list must pass."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


class MatchMode(Enum):
    """How many entries must pass a group of rules of their own; react-querybuilder's names."""

    SOME = "some"
    ALL = "all"
    NONE = "none"
    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    EXACTLY = "exactly"

    @property
    def counts(self) -> bool:
        """Whether it needs a number (below 1: a share of the entries)."""
        return self in (MatchMode.AT_LEAST, MatchMode.AT_MOST, MatchMode.EXACTLY)
