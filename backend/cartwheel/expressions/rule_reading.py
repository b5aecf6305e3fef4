"""Reads a rule tree in react-querybuilder's format, and names every fault in it at once."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from cartwheel.expressions.operators import Needs
from cartwheel.expressions.patterns import compile_pattern
from cartwheel.expressions.problems import RuleError, RuleProblem
from cartwheel.expressions.rule_parts import (
    Refused,
    read_combinator,
    read_field,
    read_mode,
    read_operator,
    read_quantifier,
    read_threshold,
    read_value,
)
from cartwheel.expressions.rule_tree import Combinator, Group, ListRule, Rule

DEEPEST: Final = 16
MOST_RULES: Final = 200

Member = Rule | ListRule | Group
Written = Mapping[str, object]
Part = TypeVar("Part")


def read_tree(tree: object) -> Group:
    """The compiled group. Raises `RuleError` with every fault."""
    reader = _TreeReader()
    group = reader.group(tree, "", 1)
    if group is None or reader.problems:
        raise RuleError(reader.problems)
    return group


class _TreeReader:
    """One pass over a tree; what cannot be read is noted and left out."""

    def __init__(self) -> None:
        self.problems: list[RuleProblem] = []
        self.rules = self.lists = 0

    def group(self, tree: object, where: str, depth: int) -> Group | None:
        rules = tree.get("rules") if isinstance(tree, Mapping) else None
        if not isinstance(tree, Mapping) or not isinstance(rules, list):
            self._note(where, "This is not a group of conditions.")
            return None
        if depth > DEEPEST:
            self._note(where, f"Groups can be nested {DEEPEST} deep, not deeper.")
            return None
        written = tree.get("combinator", "and")
        combinator = self._part(_join(where, "combinator"), lambda: read_combinator(written))
        # One more than allowed, so that a tree of a million rules is one fault and no work.
        read = [
            self._member(member, _join(where, f"rules.{place}"), depth)
            for place, member in enumerate(rules[: MOST_RULES + 1])
        ]
        members = tuple(member for member in read if member is not None)
        return Group(combinator or Combinator.AND, tree.get("not") is True, members)

    def _member(self, member: object, where: str, depth: int) -> Member | None:
        self.rules += 1
        if self.rules > MOST_RULES:
            if self.rules == MOST_RULES + 1:
                self._note(where, f"There can be {MOST_RULES} conditions together, not more.")
            return None
        if not isinstance(member, Mapping):
            self._note(where, "This is not a condition.")
            return None
        if member.get("muted") is True:
            return None
        if "rules" in member:
            return self.group(member, where, depth + 1)
        if member.get("match") is not None:
            return self._list_rule(member, where, depth)
        return self._rule(member, where)

    def _rule(self, rule: Written, where: str) -> Rule | None:
        path = self._part(
            _join(where, "field"), lambda: read_field(rule.get("field"), in_list=self.lists > 0)
        )
        operator = self._part(_join(where, "operator"), lambda: read_operator(rule.get("operator")))
        quantifier = self._part(
            _join(where, "quantifier"), lambda: read_quantifier(rule.get("quantifier"))
        )
        if path is None or operator is None:
            return None
        field, value, place = str(rule.get("field")), rule.get("value"), _join(where, "value")
        if operator.needs is Needs.PATTERN:
            pattern = self._part(place, lambda: compile_pattern(value))
            return Rule(where, field, path, operator, str(value), quantifier, pattern)
        from_field = rule.get("valueSource") == "field"
        read = self._part(place, lambda: read_value(value, operator, from_field=from_field))
        return Rule(where, field, path, operator, read, quantifier)

    def _list_rule(self, rule: Written, where: str, depth: int) -> ListRule | None:
        written = rule["match"]
        match: Written = written if isinstance(written, Mapping) else {"mode": written}
        place = _join(where, "match")
        path = self._part(
            _join(where, "field"), lambda: read_field(rule.get("field"), in_list=self.lists > 0)
        )
        mode = self._part(place, lambda: read_mode(match.get("mode")))
        counted = mode is not None and mode.counts
        threshold = self._part(
            place, lambda: read_threshold(match.get("threshold")) if counted else 0.0
        )
        self.lists += 1
        group = self.group(rule.get("value"), _join(where, "value"), depth + 1)
        self.lists -= 1
        if path is None or mode is None or threshold is None or group is None:
            return None
        return ListRule(where, str(rule["field"]), path, mode, threshold, group)

    def _part(self, where: str, read: Callable[[], Part]) -> Part | None:
        try:
            return read()
        except Refused as refusal:
            self._note(where, str(refusal))
            return None

    def _note(self, where: str, message: str) -> None:
        self.problems.append(RuleProblem(where, message))


def _join(where: str, part: str) -> str:
    return f"{where}.{part}" if where else part
