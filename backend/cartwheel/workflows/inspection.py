"""What can be said of a draft without running it, remembered until it or the connections change."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import Json
from cartwheel.workflows.graph import Graph, parse_graph
from cartwheel.workflows.known import Known
from cartwheel.workflows.problems import GraphProblem, Severity
from cartwheel.workflows.step_settings import uses_sandbox
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.validation import check_graph

_MOST_REMEMBERED = 256
_SMALL_GRAPH = 40
"""Up to so many steps a check takes about a millisecond or ten, less than moving to a thread."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The problems of a graph, and what its card in the list shows."""

    problems: tuple[GraphProblem, ...]
    uses_sandbox: bool
    trigger_type: str | None
    channel: str | None

    @property
    def errors(self) -> int:
        return sum(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


_remembered: OrderedDict[Hashable, Inspection] = OrderedDict()


async def inspect_draft(
    workspace_id: int,
    workflow_id: str,
    revision: int,
    source: Json,
    known: Known,
) -> Inspection:
    """`inspect_graph` of one revision of a draft, done once."""
    key = (workspace_id, workflow_id, revision, known.mark)
    if key not in _remembered:
        _remembered[key] = await inspect_graph(source, known)
    _remembered.move_to_end(key)
    while len(_remembered) > _MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return _remembered[key]


async def inspect_graph(source: Json, known: Known) -> Inspection:
    """All that is wrong with a graph's JSON, and what its card shows; large ones in a thread."""
    graph, _ = parse_graph(source)
    if len(graph.nodes) <= _SMALL_GRAPH:
        return _inspect(source, graph, known)
    return await asyncio.to_thread(_inspect, source, graph, known)


def _inspect(source: Json, graph: Graph, known: Known) -> Inspection:
    registry = load_registry()
    channel = graph.settings.get("channel")
    return Inspection(
        problems=tuple(check_graph(source, registry, known.connections, known.tables)),
        uses_sandbox=uses_sandbox(TypedGraph.of(graph, registry), known.connections),
        trigger_type=graph.trigger.type if graph.trigger else None,
        channel=channel if isinstance(channel, str) else None,
    )
