"""The parts of compiled conditions, and what they read; `rule_reading` makes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from cartwheel.expressions.comparison import Pattern
from cartwheel.expressions.lookup import Path
from cartwheel.expressions.operators import MatchMode, Operator, Quantifier
from cartwheel.expressions.texts import Text

_COMPARING = frozenset({"=", "<", "<=", ">", ">=", "in", "between"})


class Combinator(Enum):
    """How the rules of a group are taken together."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """Another field, whose value is compared with."""

    path: Path


Value = FieldValue | Text | tuple["Value", ...] | str | int | float | bool | None
"""The other side of a rule: constant, text with variables, field, or several of those."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A field, an operator, a value. `where` leads to it through the tree (`rules.1`)."""

    where: str
    field: str
    path: Path
    operator: Operator
    value: Value = None
    quantifier: Quantifier | None = None
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True)
class ListRule:
    """A list, of which enough entries must pass a group of rules of their own."""

    where: str
    field: str
    path: Path
    mode: MatchMode
    threshold: float
    group: "Group"


@dataclass(frozen=True, slots=True)
class Group:
    """Rules and groups, taken together; `negated` turns the whole around."""

    combinator: Combinator
    negated: bool
    members: tuple["Rule | ListRule | Group", ...]


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that conditions read: its path (an entry's fields stand behind its list's path),
    what was written, and where it stands in the tree (`rules.1.field`)."""

    path: Path
    written: str
    where: str


def fields_of(group: Group, inside: Path = ()) -> Iterator[FieldUse]:
    """Every field that the group reads."""
    for member in group.members:
        if isinstance(member, Group):
            yield from fields_of(member, inside)
            continue
        path = (*inside, *member.path)
        yield FieldUse(path, member.field, f"{member.where}.field")
        if isinstance(member, ListRule):
            yield from fields_of(member.group, path)
        elif isinstance(member.value, FieldValue):
            other = member.value.path
            yield FieldUse(other, ".".join(other), f"{member.where}.value")


@dataclass(frozen=True, slots=True)
class ConstantUse:
    """A constant that a field's value is compared with as a whole, with the field as it stands in
    `FieldUse` and the place of the constant's value (`rules.1.value`)."""

    path: Path
    written: str
    constant: str
    where: str


def constants_of(group: Group, inside: Path = ()) -> Iterator[ConstantUse]:
    """Every text that a field is compared with as a whole: not what it contains or begins with."""
    for member in group.members:
        if isinstance(member, Group):
            yield from constants_of(member, inside)
        elif isinstance(member, ListRule):
            yield from constants_of(member.group, (*inside, *member.path))
        elif (member.operator.opposite_of or member.operator.name) in _COMPARING:
            path, where = (*inside, *member.path), f"{member.where}.value"
            values = member.value if isinstance(member.value, tuple) else (member.value,)
            for each in values:
                if isinstance(each, str):
                    yield ConstantUse(path, member.field, each, where)


def texts_of(group: Group) -> Iterator[tuple[str, Text]]:
    """Every value that is a text with variables, with its place in the tree."""
    for member in group.members:
        if isinstance(member, Group):
            yield from texts_of(member)
        elif isinstance(member, ListRule):
            yield from texts_of(member.group)
        else:
            yield from _texts_in(member.value, f"{member.where}.value")


def _texts_in(value: Value, where: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield where, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts_in(part, where)
