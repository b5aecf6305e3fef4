"""Everything that stands in the way of switching a workflow on, found at once. Pure.

Each kind of fault has a place of its own: the form of the JSON (`reading`), the drawing
(`structure`), a step's settings (`step_settings`), its variables (`references`).
"""

from collections.abc import Iterator, Mapping, Sequence

from cartwheel.catalog.registry import Registry
from cartwheel.connections.choosing import PublicConnection
from cartwheel.node_sdk import Json
from cartwheel.records.tables import Table
from cartwheel.workflows.cases import case_problems
from cartwheel.workflows.entry import entry_problems
from cartwheel.workflows.graph import Graph, parse_graph
from cartwheel.workflows.guesses import Guesses
from cartwheel.workflows.problems import GraphProblem, ProblemCode
from cartwheel.workflows.references import reference_problems
from cartwheel.workflows.step_settings import settings_problems
from cartwheel.workflows.structure import structure_problems
from cartwheel.workflows.tables import table_problems
from cartwheel.workflows.typed_graph import TypedGraph

_HOPELESS = (ProblemCode.TOO_MANY_NODES, ProblemCode.TOO_MANY_EDGES)


def check_graph(
    source: Graph | Json,
    registry: Registry,
    connections: Sequence[PublicConnection] = (),
    tables: Mapping[str, Table] | None = None,
) -> list[GraphProblem]:
    """Every problem of a graph, the whole graph's first, then step by step as drawn.

    Takes any JSON and never raises. A step that is switched off is not asked for its settings.
    Without `tables` nothing is said about those that steps name.
    """
    graph, problems = (source, ()) if isinstance(source, Graph) else parse_graph(source)
    if _is_hopeless(problems):
        return list(problems)
    typed, guesses = TypedGraph.of(graph, registry, tables), Guesses()
    found = [
        *problems,
        *structure_problems(typed, registry, guesses),
        *entry_problems(typed),
        *_step_problems(typed, connections, guesses),
    ]
    place = {node_id: number for number, node_id in enumerate(graph.nodes)}
    return sorted(found, key=lambda problem: place.get(problem.node_id or "", -1))


def _is_hopeless(problems: Sequence[GraphProblem]) -> bool:
    """Far too many steps: one clear answer instead of ten thousand slow ones."""
    return any(problem.code in _HOPELESS for problem in problems)


def _step_problems(
    typed: TypedGraph, connections: Sequence[PublicConnection], guesses: Guesses
) -> Iterator[GraphProblem]:
    for node in typed.graph.nodes.values():
        if node.id in typed.types and not node.disabled:
            yield from settings_problems(typed, node, connections)
            fields = typed.types[node.id].config_schema.get("properties", {})
            yield from case_problems(node, fields)
            if typed.tables is not None:
                yield from table_problems(node, fields, typed.tables)
            yield from reference_problems(typed, node, guesses)
