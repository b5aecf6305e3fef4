"""The part of a rule tree that can be read, where some of it cannot. Pure."""

import copy

from cartwheel.expressions.problems import RuleError, RuleProblem
from cartwheel.expressions.rules import Rules, compile_rules
from cartwheel.node_sdk import Json


def sound_rules(tree: Json) -> tuple[Rules | None, tuple[RuleProblem, ...]]:
    """The rules without those that have faults, so that the rest can be checked at once too.

    None where nothing is left. Every place in the rules is that of the whole tree.
    """
    try:
        return compile_rules(tree), ()
    except RuleError as error:
        faults = error.problems
    try:
        return compile_rules(_without(tree, faults)), faults
    except RuleError:
        return None, faults


def _without(tree: Json, faults: tuple[RuleProblem, ...]) -> Json:
    """The tree with an empty group in place of each rule that has a fault."""
    mended = copy.deepcopy(tree)
    for fault in faults:
        parts = fault.path.split(".")
        if "rules" in parts[:-1]:
            place = len(parts) - parts[::-1].index("rules")
            _empty(mended, parts[: place + 1])
    return mended


def _empty(tree: Json, place: list[str]) -> None:
    holder = tree
    for part in place[:-1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder.get(part, [])
    if isinstance(holder, list) and int(place[-1]) < len(holder):
        holder[int(place[-1])] = {"combinator": "and", "rules": []}
