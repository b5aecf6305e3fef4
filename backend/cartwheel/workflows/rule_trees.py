"""The conditions in a step's settings, wherever they stand: as rules, or as the cases of a switch,
each of which is one rule about the same field. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import pointer
from cartwheel.expressions.lookup import parse_path
from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import Node

Place = tuple[str | int, ...]
_NOTHING: Mapping[str, Json] = {"combinator": "and", "rules": []}


@dataclass(frozen=True, slots=True)
class RuleTree:
    """Rules, and where in the settings they stand. With a `field` they are made of the entries of
    a list, which all look at that setting."""

    rules: Json
    place: Place
    field: str | None = None

    def pointer_to(self, where: str) -> str:
        """The JSON pointer into the settings for a place in the rules, such as `rules.1.value`."""
        parts = [part for part in where.split(".") if part]
        if self.field is None:
            return pointer((*self.place, *parts))
        if parts[2:] == ["field"]:
            return pointer((self.field,))
        return pointer((*self.place, *parts[1:]))


def rule_trees(kind: NodeType, node: Node) -> Iterator[RuleTree]:
    """Every condition of a step, also those within lists of settings."""
    yield from _trees(kind.config_schema, node.config, (), node.config)


def _trees(schema: Json, value: Json, place: Place, config: Json) -> Iterator[RuleTree]:
    if not isinstance(schema, Mapping):
        return
    widget = schema.get("x-widget")
    if widget == "rules":
        if isinstance(value, Mapping):
            yield RuleTree(value, place)
    elif widget == "cases":
        yield from _tree_of_cases(value, place, config)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _trees(schema.get("properties", {}).get(name), part, (*place, name), config)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _trees(schema.get("items"), part, (*place, number), config)


def _tree_of_cases(cases: Json, place: Place, config: Mapping[str, Json]) -> Iterator[RuleTree]:
    field = config.get("field")
    if isinstance(cases, list) and isinstance(field, str) and parse_path(field) is not None:
        rules = [_rule(field, case) for case in cases]
        yield RuleTree({"combinator": "and", "rules": rules}, place, "field")


def _rule(field: str, case: Json) -> Mapping[str, Json]:
    """A case as the step compares it; one that is not whole is told of as a setting."""
    if not isinstance(case, Mapping) or case.get("value") in (None, ""):
        return _NOTHING
    return {"field": field, "operator": case.get("operator", "="), "value": case["value"]}
