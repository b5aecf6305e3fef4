"""The variables that a tree of condition rules reads, each with its place in the settings. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cartwheel.catalog.pointers import pointer
from cartwheel.expressions.lookup import Path, parse_path
from cartwheel.node_sdk import Json


@dataclass(frozen=True, slots=True)
class RuleField:
    """One field that a rule compares. `path` is None when it is not written as a path."""

    pointer: str
    written: str
    path: Path | None


def rule_fields(tree: Json, place: str = "", inside: Path = ()) -> Iterator[RuleField]:
    """Every field of a rule tree; those of a list's inner rules stand behind the list's path."""
    if not isinstance(tree, Mapping):
        return
    rules = tree.get("rules")
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        here = place + pointer(["rules", number])
        if not isinstance(rule, Mapping):
            continue
        if "rules" in rule:
            yield from rule_fields(rule, here, inside)
        else:
            yield from _fields_of_rule(rule, here, inside)


def _fields_of_rule(rule: Mapping[str, Json], place: str, inside: Path) -> Iterator[RuleField]:
    written = rule.get("field")
    if not isinstance(written, str) or not written:
        return
    own = parse_path(written)
    path = None if own is None else (*inside, *own)
    yield RuleField(place + pointer(["field"]), written, path)
    if rule.get("match") is not None and path is not None:
        yield from rule_fields(rule.get("value"), place + pointer(["value"]), path)


def rule_texts(tree: Json, place: str = "") -> Iterator[tuple[str, str]]:
    """The values of a rule tree that are texts with variables, with their places."""
    if isinstance(tree, Mapping):
        for key, part in tree.items():
            if key != "field":
                yield from rule_texts(part, place + pointer([key]))
    elif isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from rule_texts(part, place + pointer([number]))
    elif isinstance(tree, str) and "{{" in tree:
        yield place, tree
