"""The draft of a workflow: what may be saved, and when two versions of it are the same."""

from collections.abc import Mapping

from cartwheel.node_sdk import Json
from cartwheel.workflows.graph import GraphError, graph_json, parse_graph
from cartwheel.workflows.problems import ProblemCode

EMPTY_GRAPH: Mapping[str, Json] = {"schema": 1, "nodes": [], "edges": [], "settings": {}}

_NOT_WORTH_KEEPING = frozenset(
    {
        ProblemCode.BAD_GRAPH,
        ProblemCode.TOO_MANY_NODES,
        ProblemCode.TOO_MANY_EDGES,
        ProblemCode.CONFIG_TOO_LARGE,
    }
)


def require_keepable(source: Json) -> None:
    """Raises `GraphError` when this is no graph or too large a one; mere mistakes may be saved."""
    _, problems = parse_graph(source)
    refused = tuple(each for each in problems if each.code in _NOT_WORTH_KEEPING)
    if refused:
        raise GraphError(refused)


def same_graph(one: Json, other: Json) -> bool:
    """Whether two graphs' JSON mean the same, whatever else stands in it."""
    if one == other:
        return True
    first, first_problems = parse_graph(one)
    second, second_problems = parse_graph(other)
    return not (first_problems or second_problems) and graph_json(first) == graph_json(second)
