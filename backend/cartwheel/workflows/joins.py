"""Joins that wait for more paths than can ever come together. Pure.

A step goes on by one of its ways out. Two paths that need different ways out of one step never
come in the same run; what is found here is sure, though not everything that is impossible.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from itertools import combinations
from operator import and_

from cartwheel.workflows.elements import Edge, Node
from cartwheel.workflows.problems import GraphProblem, ProblemCode
from cartwheel.workflows.typed_graph import BODY_PORT, TypedGraph

MOST_PATHS = 14
"""Beyond it nothing is claimed: the question grows with every path."""

Exit = tuple[str, str]
"""(node, port)"""


def join_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    """Every join that waits for a number of paths which can never come."""
    joins = [(node, count) for node in typed.graph.nodes.values() if (count := _count(typed, node))]
    exits = _exits_on_every_way(typed) if joins else {}
    for node, count in joins:
        edges = [edge for edge in typed.graph.incoming(node.id) if edge.source in exits]
        if 0 < len(edges) < count:
            paths = "1 path leads" if len(edges) == 1 else f"{len(edges)} paths lead"
            yield _problem(node, f"Only {paths} here, and this step waits for {count}.")
        elif count <= len(edges) <= MOST_PATHS:
            yield from _together(typed, node, count, edges, exits)


def _count(typed: TypedGraph, node: Node) -> int:
    """How many paths a join waits for; 0 for every other step."""
    kind = typed.types.get(node.id)
    if kind is None or node.disabled or kind.join_for(node.config) != "n":
        return 0
    count = node.config.get("count", 1)
    return count if isinstance(count, int) else 0


def _exits_on_every_way(typed: TypedGraph) -> Mapping[str, frozenset[Exit]]:
    """For each step that a trigger reaches, the ways out that lie on every path to it."""
    graph = typed.graph
    found: dict[str, frozenset[Exit]] = {trigger.id: frozenset() for trigger in graph.triggers}
    for node_id in graph.order():
        ways = [_exits(edge, found) for edge in graph.incoming(node_id) if edge.source in found]
        if ways:
            found[node_id] = reduce(and_, ways)
    return found


def _exits(edge: Edge, found: Mapping[str, frozenset[Exit]]) -> frozenset[Exit]:
    return found[edge.source] | {(edge.source, edge.source_port)}


def _together(
    typed: TypedGraph,
    join: Node,
    count: int,
    edges: list[Edge],
    exits: Mapping[str, frozenset[Exit]],
) -> Iterator[GraphProblem]:
    needed = [dict(_exits(edge, exits)) for edge in edges]
    pairs = combinations(range(len(edges)), 2)
    parting = {(a, b): _parting(needed[a], needed[b]) for a, b in pairs}
    apart = {pair: where for pair, where in parting.items() if where is not None}
    most = _largest_group(len(edges), apart.keys())
    if most < count:
        where, one, other = next(iter(apart.values()))
        yield _problem(
            join,
            f"Only {most} of the {len(edges)} paths here can come together, and this step waits "
            f"for {count}: “{typed.name(where)}” goes on either by “{_label(typed, where, one)}” "
            f"or by “{_label(typed, where, other)}”.",
        )


def _largest_group(number: int, apart: Collection[tuple[int, int]]) -> int:
    """How many of the paths can come at most, of which some pairs never come together."""
    for size in range(number, 1, -1):
        for chosen in combinations(range(number), size):
            if not any(pair in apart for pair in combinations(chosen, 2)):
                return size
    return 1


def _parting(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, str, str] | None:
    """The step that two paths leave by different ways, and these ways."""
    for node_id, port in one.items():
        away = other.get(node_id, port)
        if away != port and BODY_PORT not in (port, away):
            return node_id, port, away
    return None


def _label(typed: TypedGraph, node_id: str, port_id: str) -> str:
    kind = typed.types.get(node_id)
    ports = kind.ports_for(typed.graph.nodes[node_id].config) if kind else ()
    return next((port.label for port in ports if port.id == port_id), port_id)


def _problem(join: Node, message: str) -> GraphProblem:
    fix = "Wait for fewer paths, or for all that can come."
    return GraphProblem(ProblemCode.JOIN_IMPOSSIBLE, message, fix, join.id, "/count")
