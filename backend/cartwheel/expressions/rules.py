"""Conditions, as merchants build them: `order.total is above 100 and customer.tags contains VIP`.

A tree in react-querybuilder's format is compiled once and judged often. A judgement says whether
it holds, why in one sentence with the real values, and every comparison for other words.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final

from cartwheel.expressions.comparison import Comparer, Comparison, quantified
from cartwheel.expressions.lookup import MISSING, Path, Scope, read, step_into
from cartwheel.expressions.operators import MatchMode, Needs, Quantifier
from cartwheel.expressions.problems import RuleError, RuleProblem
from cartwheel.expressions.rule_parts import split_values
from cartwheel.expressions.rule_reading import read_tree
from cartwheel.expressions.rule_tree import (
    Combinator,
    ConstantUse,
    FieldUse,
    FieldValue,
    Group,
    ListRule,
    Rule,
    Value,
    constants_of,
    fields_of,
    texts_of,
)
from cartwheel.expressions.sentences import (
    count_sentence,
    one_sentence,
    opposite_sentence,
    rule_sentence,
)
from cartwheel.expressions.surroundings import Surroundings
from cartwheel.expressions.texts import Text
from cartwheel.expressions.values import ValueType
from cartwheel.values import dataclass

MOST_COMPARISONS: Final = 100_000
_TOO_MANY = (
    f"These conditions compare more than {MOST_COMPARISONS:,} values: their lists are too long."
)

Types = Mapping[str, ValueType]
"""Field types by path without places in lists: `order.line_items.price`."""

Names = Mapping[str, str]
"""Fields in a merchant's words by path without places in lists: "Order total" for `order.total`."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of conditions: whether they hold, the sentence that shows the compared values
    ("Order total is 976.48, which is not above 1,000"), and the comparisons behind it."""

    holds: bool
    words: str
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, eq=False)
class Rules:
    """Compiled conditions. Make them with `compile_rules`."""

    group: Group

    @cached_property
    def fields(self) -> tuple[FieldUse, ...]:
        """Every field that is read, with its place in the tree."""
        return tuple(fields_of(self.group))

    @cached_property
    def constants(self) -> tuple[ConstantUse, ...]:
        """Every text that a field is compared with, with its place in the tree."""
        return tuple(constants_of(self.group))

    @cached_property
    def texts(self) -> tuple[tuple[str, Text], ...]:
        """Every value that holds variables, with its place in the tree (`rules.1.value`)."""
        return tuple(texts_of(self.group))

    def judge(
        self,
        scope: Scope,
        *,
        types: Types | None = None,
        names: Names | None = None,
        locale: str = "en",
        timezone: str = "UTC",
        now: datetime | None = None,
    ) -> Judgement:
        """Judges the conditions on `scope`; a group without rules holds.

        A missing value makes a comparison false, and its opposite true; it never raises. Raises
        `TemplateError` only where a value's own text cannot be filled in, and `RuleError` where
        the lists are so long that more than 100,000 values would be compared.
        """
        around = Surroundings(scope, locale=locale, timezone=timezone, now=now)
        judged = _Judge(around, types or {}, names or {}).group(self.group, scope, ())
        return Judgement(judged.holds, one_sentence(judged.sentences), judged.comparisons)


def compile_rules(tree: object) -> Rules:
    """The compiled conditions. Raises `RuleError` with every fault and its place in the tree."""
    return Rules(read_tree(tree))


@dataclass(frozen=True, slots=True)
class _Judged:
    holds: bool
    sentences: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()


@dataclass(slots=True)
class _Judge:
    """Goes through a tree. `scope` is the data, or one entry of a list at path `inside`."""

    around: Surroundings
    types: Types
    names: Names
    compared: int = 0

    def _count(self, comparisons: int) -> None:
        self.compared += comparisons
        if self.compared > MOST_COMPARISONS:
            raise RuleError([RuleProblem("", _TOO_MANY)])

    def member(self, member: Rule | ListRule | Group, scope: object, inside: Path) -> _Judged:
        if isinstance(member, Group):
            return self.group(member, scope, inside)
        if isinstance(member, ListRule):
            return self._list_rule(member, scope, inside)
        return self._rule(member, scope, inside)

    def group(self, group: Group, scope: object, inside: Path) -> _Judged:
        judged = [self.member(member, scope, inside) for member in group.members]
        is_and = group.combinator is Combinator.AND
        holds = not judged or (all if is_and else any)(each.holds for each in judged)
        # What decided comes first: of “and” that fails, the rules that failed.
        ordered = sorted(judged, key=lambda each: each.holds is not holds)
        sentences = tuple(sentence for each in ordered for sentence in each.sentences)
        comparisons = tuple(one for each in judged for one in each.comparisons)
        if group.negated:
            return _Judged(not holds, (opposite_sentence(sentences),), comparisons)
        return _Judged(holds, sentences, comparisons)

    def _rule(self, rule: Rule, scope: object, inside: Path) -> _Judged:
        right = self._value(rule.value)
        if rule.operator.needs in (Needs.TWO, Needs.SEVERAL):
            right = split_values(right)
        path = (*inside, *rule.path)
        type_ = self._type(path)
        comparer = Comparer(rule.operator, right, type_, self.around.zone(), rule.pattern)
        left, quantifier = _reach(scope, rule)
        entries = left if quantifier is not None and isinstance(left, list) else [left]
        self._count(len(entries) * (len(right) if isinstance(right, list) else 1))
        results = [comparer.holds(entry) for entry in entries]
        holds = results[0] if quantifier is None else quantified(quantifier, results)
        name = quantifier.value if quantifier else None
        comparison = Comparison(rule.field, rule.operator.name, left, right, holds, name)
        sentence = rule_sentence(comparison, self._name(path, rule.field))
        return _Judged(holds, (sentence,), (comparison,))

    def _type(self, path: Path) -> ValueType | None:
        # As written first: a step may have a name of digits only.
        return self.types.get(".".join(path)) or self.types.get(_without_places(path))

    def _name(self, path: Path, written: str) -> str:
        return self.names.get(_without_places(path), written)

    def _value(self, value: Value) -> object:
        if isinstance(value, tuple):
            return [self._value(part) for part in value]
        if isinstance(value, FieldValue):
            return _present(read(self.around.scope, value.path))
        return self._filled_in(value) if isinstance(value, Text) else value

    def _filled_in(self, text: Text) -> object:
        """A text that is one variable keeps its value's type: a list stays a list."""
        found = read(self.around.scope, text.sole_variable) if text.sole_variable else MISSING
        if found is not MISSING:
            return found
        around = self.around
        return text.render(
            around.scope, locale=around.locale, timezone=around.timezone, now=around.now
        )

    def _list_rule(self, rule: ListRule, scope: object, inside: Path) -> _Judged:
        entries = list(_leaves(scope, rule.path))
        entries = entries[0] if len(entries) == 1 and isinstance(entries[0], list) else entries
        entries = [each for each in entries if each is not None]
        self._count(len(entries))
        path = (*inside, *rule.path)
        judged = [self.group(rule.group, entry, path) for entry in entries]
        passed = sum(each.holds for each in judged)
        holds = _enough(rule, passed, len(judged))
        comparisons = tuple(one for each in judged for one in each.comparisons)
        name = self._name(path, rule.field)
        return _Judged(holds, (count_sentence(rule, passed, len(judged), name),), comparisons)


def _enough(rule: ListRule, passed: int, count: int) -> bool:
    # Below 1 it is a share of the entries, as react-querybuilder reads it.
    threshold = rule.threshold * count if 0 < rule.threshold < 1 else rule.threshold
    match rule.mode:
        case MatchMode.ALL:
            return passed == count
        case MatchMode.NONE:
            return passed == 0
        case MatchMode.AT_MOST:
            return passed <= threshold
        case MatchMode.EXACTLY:
            return passed == threshold
        case MatchMode.AT_LEAST:
            return passed >= threshold
    return passed > 0


def _reach(scope: object, rule: Rule) -> tuple[object, Quantifier | None]:
    """What stands in the rule's field; a list of it, with a quantifier, where entries are asked."""
    asks_entries = rule.quantifier is not None or not rule.operator.asks_whole_list
    if not _crosses_list(scope, rule.path):
        leaf = _present(read(scope, rule.path))
        if not (asks_entries and isinstance(leaf, list)):
            return leaf, None
    leaves = list(_leaves(scope, rule.path))
    if asks_entries:
        leaves = [part for leaf in leaves for part in (leaf if isinstance(leaf, list) else [leaf])]
    return leaves, rule.quantifier or Quantifier.ANY


def _leaves(value: object, path: Path) -> Iterator[object]:
    """What stands at the path, for every entry of the lists on the way; None for nothing."""
    if not path:
        yield _present(value)
        return
    found = step_into(value, path[0])
    if found is MISSING and isinstance(value, list):
        for element in value:
            yield from _leaves(element, path)
    else:
        yield from _leaves(found, path[1:])


def _crosses_list(value: object, path: Path) -> bool:
    for segment in path:
        found = step_into(value, segment)
        if found is MISSING:
            return isinstance(value, list)
        value = found
    return False


def _present(value: object) -> object:
    return None if value is MISSING else value


def _without_places(path: Path) -> str:
    return ".".join(segment for segment in path if not segment.lstrip("-").isdigit())
