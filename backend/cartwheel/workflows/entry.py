"""Who may start a workflow when: the rule of entry in a graph's settings, and the trigger's filter.
Pure.

    "settings": {"entry": {"key": "customer", "mode": "queued"}}

`key` names what counts as the same: `customer`, `order`, `none` (everything does), or a text with
variables. `mode` says what happens when something of the same key is under way already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cartwheel.expressions.problems import TemplateError
from cartwheel.expressions.texts import compile_text
from cartwheel.node_sdk import Json
from cartwheel.workflows.graph import Graph
from cartwheel.workflows.problems import GraphProblem, ProblemCode
from cartwheel.workflows.shapes import Absent
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.view import view_from

MOST_BESIDE: Final = 100
LONGEST_KEY: Final = 500
FILTER: Final = "filter"


class EntryMode(StrEnum):
    """EVERY: each event starts a run. NEWEST: one at a time, the newer one takes over. QUEUED: one
    at a time, in order of arrival. PARALLEL: so many beside each other, the others wait."""

    EVERY = "every"
    NEWEST = "newest"
    QUEUED = "queued"
    PARALLEL = "parallel"


class NamedKey(StrEnum):
    """What counts as the same without writing a text."""

    CUSTOMER = "customer"
    ORDER = "order"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EntryRule:
    """A rule that holds something back. `limit` is how many runs of one key may be under way."""

    key: str
    mode: EntryMode
    limit: int = 1


def entry_rule(settings: Mapping[str, Json]) -> EntryRule | None:
    """The rule in a sound graph's settings; None where every event starts a run."""
    said = settings.get("entry")
    if not isinstance(said, Mapping) or said.get("mode") not in set(EntryMode):
        return None
    mode = EntryMode(said["mode"])
    key, limit = said.get("key") or NamedKey.CUSTOMER.value, said.get("limit")
    if mode is EntryMode.EVERY or not isinstance(key, str):
        return None
    if mode is EntryMode.PARALLEL and isinstance(limit, int):
        return EntryRule(key, mode, max(limit, 1))
    return EntryRule(key, mode)


def trigger_filter(graph: Graph) -> Mapping[str, Json] | None:
    """The conditions that an event must meet to start the graph; None where any does."""
    rules = graph.trigger.config.get(FILTER) if graph.trigger else None
    return rules if isinstance(rules, Mapping) and rules.get("rules") else None


def is_gated(graph: Graph) -> bool:
    """Whether routing has to look into the graph before it starts a run."""
    return entry_rule(graph.settings) is not None or trigger_filter(graph) is not None


def entry_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    """What is wrong with the rule of entry; `field` is a JSON pointer into the settings."""
    said = typed.graph.settings.get("entry")
    if said is None:
        return
    if not isinstance(said, Mapping) or said.get("mode") not in set(EntryMode):
        yield _problem(
            "/entry/mode",
            "What happens when the same customer or order comes again is not said.",
            "Choose every, newest, queued or parallel.",
        )
        return
    if said["mode"] == EntryMode.PARALLEL:
        yield from _limit_problems(said.get("limit"))
    if said["mode"] != EntryMode.EVERY:
        yield from _key_problems(typed, said.get("key", NamedKey.CUSTOMER.value))


def _limit_problems(limit: Json) -> Iterator[GraphProblem]:
    is_whole = isinstance(limit, int) and not isinstance(limit, bool)
    if not (is_whole and 1 <= limit <= MOST_BESIDE):
        yield _problem(
            "/entry/limit",
            f"How many runs may be under way at once must be a whole number from 1 to "
            f"{MOST_BESIDE}.",
            "With 0 nothing could ever start: write 1 or more, or switch the workflow off.",
        )


def _key_problems(typed: TypedGraph, key: Json) -> Iterator[GraphProblem]:
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY:
        yield _problem(
            "/entry/key",
            "What counts as the same is not said.",
            "Choose the customer, the order or the whole workflow, or write a text with variables.",
        )
        return
    if key not in set(NamedKey):
        yield from _text_problems(typed, key)


def _text_problems(typed: TypedGraph, key: str) -> Iterator[GraphProblem]:
    try:
        text = compile_text(key)
    except TemplateError as error:
        yield _problem("/entry/key", error.message, "Correct the text.")
        return
    if text.is_constant:
        yield _problem(
            "/entry/key",
            f"“{key}” is the same for every event: no variable stands in it.",
            "Write a variable such as {{ order.id }}, or choose the whole workflow.",
        )
    trigger = typed.graph.trigger
    view = view_from(typed, trigger.id) if trigger else None
    for variable in text.variables if view else ():
        if view is not None and isinstance(view.look_up(variable.path), Absent):
            yield _problem(
                "/entry/key",
                f"“{variable.written}” does not exist.",
                "Choose a variable from the list.",
            )


def _problem(field: str, message: str, fix: str) -> GraphProblem:
    return GraphProblem(ProblemCode.BAD_ENTRY, message, fix, field=field)
