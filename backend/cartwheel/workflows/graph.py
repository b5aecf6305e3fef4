"""The graph of a workflow as frozen values, and the questions that can be asked of it. Pure.

Its JSON is what React Flow calls it (`sourceHandle`, `targetHandle`). `read_graph` turns it into
these values once; everything behind it trusts them.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import TypeVar

from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import ERROR_PORT, GRAPH_SCHEMA, Edge, Node, Position
from cartwheel.workflows.problems import GraphError, GraphProblem
from cartwheel.workflows.reading import read_parts

__all__ = [
    "Edge",
    "Graph",
    "GraphError",
    "Node",
    "Position",
    "graph_json",
    "parse_graph",
    "read_graph",
]

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Graph:
    """Nodes by id in the order they were drawn, edges, and the workflow's own settings.

    An edge with an end that does not exist stays in `edges` and plays no part in any answer.
    """

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)

    def outgoing(self, node_id: str, port: str | None = None) -> tuple[Edge, ...]:
        """The edges that leave a node, by one port or (without `port`) by any."""
        if port is None:
            return self._outgoing.get(node_id, ())
        return self._by_port.get((node_id, port), ())

    def incoming(self, node_id: str) -> tuple[Edge, ...]:
        """The edges that end at a node."""
        return self._incoming.get(node_id, ())

    @cached_property
    def triggers(self) -> tuple[Node, ...]:
        """The nodes that start the workflow; one that is disabled does not."""
        return tuple(node for node in self.nodes.values() if node.is_trigger and not node.disabled)

    @property
    def trigger(self) -> Node | None:
        """Where the workflow starts; the first one when several were drawn by mistake."""
        return self.triggers[0] if self.triggers else None

    def order(self) -> tuple[str, ...]:
        """Node ids so that every edge points forward, else in the order they were drawn.

        Nodes on a cycle, and all behind it, have no such place and are left out.
        """
        return self._order

    def cycle(self) -> tuple[str, ...] | None:
        """One cycle as a path that ends where it began (`a, b, c, a`), or None."""
        drawn = {node_id: place for place, node_id in enumerate(self.nodes)}
        left = drawn.keys() - set(self._order)
        if not left:
            return None
        around = self._backwards_around(min(left, key=drawn.__getitem__), left)
        first = around.index(min(around, key=drawn.__getitem__))
        return (*around[first:], *around[:first], around[first])

    def _backwards_around(self, start: str, left: AbstractSet[str]) -> list[str]:
        """A cycle in the direction of its edges, found by walking against them.

        Every node that has no place in the order has a predecessor without one, so that the walk
        must come back to a node it has seen.
        """
        path: dict[str, int] = {}
        current = start
        while current not in path:
            path[current] = len(path)
            current = next(edge.source for edge in self.incoming(current) if edge.source in left)
        return list(path)[path[current] :][::-1]

    def without(self, node_ids: AbstractSet[str]) -> "Graph":
        """This graph with some nodes taken out, and their edges with them."""
        return Graph(
            {node.id: node for node in self.nodes.values() if node.id not in node_ids},
            tuple(edge for edge in self.edges if not node_ids & {edge.source, edge.target}),
            self.settings,
        )

    def downstream(self, node_id: str) -> frozenset[str]:
        """The nodes that can be reached from a node, itself not counted unless it is on a cycle."""
        return self._walk(node_id, lambda here: (edge.target for edge in self.outgoing(here)))

    def upstream(self, node_id: str) -> frozenset[str]:
        """The nodes from which a node can be reached, itself not counted unless on a cycle."""
        return self._walk(node_id, lambda here: (edge.source for edge in self.incoming(here)))

    def comes_before(self, earlier: str, later: str) -> bool:
        """Whether the first node can have run when the second one does."""
        if later not in self._before:
            return earlier in self.upstream(later)
        return bool(self._before[later] & self._bit[earlier])

    def surely_before(self, earlier: str, later: str) -> bool:
        """Whether the first node has succeeded on every way from a trigger to the second one.

        A way that leaves a node by its error port has not seen it succeed. On and behind a cycle
        nothing is sure.
        """
        return bool(self._surely_succeeded.get(later, 0) & self._bit[earlier])

    def surely_failed_before(self, earlier: str, later: str) -> bool:
        """Whether every way to the second node leaves the first one by its error port."""
        return bool(self._surely_failed.get(later, 0) & self._bit[earlier])

    # --- indexes, made once on first use ---------------------------------------------------------

    def _grouped(self, key_of: Callable[[Edge], _Key]) -> dict[_Key, tuple[Edge, ...]]:
        groups: dict[_Key, list[Edge]] = {}
        for edge in self.edges:
            if edge.source in self.nodes and edge.target in self.nodes:
                groups.setdefault(key_of(edge), []).append(edge)
        return {key: tuple(edges) for key, edges in groups.items()}

    @cached_property
    def _outgoing(self) -> Mapping[str, tuple[Edge, ...]]:
        return self._grouped(lambda edge: edge.source)

    @cached_property
    def _incoming(self) -> Mapping[str, tuple[Edge, ...]]:
        return self._grouped(lambda edge: edge.target)

    @cached_property
    def _by_port(self) -> Mapping[tuple[str, str], tuple[Edge, ...]]:
        return self._grouped(lambda edge: (edge.source, edge.source_port))

    @cached_property
    def _order(self) -> tuple[str, ...]:
        waiting_for = {node_id: len(self.incoming(node_id)) for node_id in self.nodes}
        ready = deque(node_id for node_id, count in waiting_for.items() if count == 0)
        order: list[str] = []
        while ready:
            node_id = ready.popleft()
            order.append(node_id)
            for edge in self.outgoing(node_id):
                waiting_for[edge.target] -= 1
                if waiting_for[edge.target] == 0:
                    ready.append(edge.target)
        return tuple(order)

    # Sets of nodes as the bits of one number: a chain of 1,000 steps would otherwise need a
    # thousand sets of a thousand.

    @cached_property
    def _bit(self) -> Mapping[str, int]:
        return {node_id: 1 << place for place, node_id in enumerate(self.nodes)}

    @cached_property
    def _before(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for node_id in self._order:
            ways = (found[edge.source] | self._bit[edge.source] for edge in self.incoming(node_id))
            found[node_id] = reduce(or_, ways, 0)
        return found

    @cached_property
    def _surely_succeeded(self) -> Mapping[str, int]:
        return self._on_every_way(lambda edge: edge.source_port != ERROR_PORT)

    @cached_property
    def _surely_failed(self) -> Mapping[str, int]:
        return self._on_every_way(lambda edge: edge.source_port == ERROR_PORT)

    def _on_every_way(self, counts: Callable[[Edge], bool]) -> Mapping[str, int]:
        """For each node, the sources of edges that count and lie on every way to it."""
        reached = sum(self._bit[trigger.id] for trigger in self.triggers)
        found: dict[str, int] = {}
        for node_id in self._order:
            ways = [
                found[edge.source] | (self._bit[edge.source] if counts(edge) else 0)
                for edge in self.incoming(node_id)
                if self._bit[edge.source] & reached
            ]
            found[node_id] = reduce(and_, ways) if ways else 0
            reached |= self._bit[node_id] if ways else 0
        return found

    def _walk(self, start: str, neighbours: Callable[[str], Iterable[str]]) -> frozenset[str]:
        seen: set[str] = set()
        ahead = deque(neighbours(start))
        while ahead:
            node_id = ahead.popleft()
            if node_id not in seen:
                seen.add(node_id)
                ahead.extend(neighbours(node_id))
        return frozenset(seen)


def parse_graph(source: Json) -> tuple[Graph, tuple[GraphProblem, ...]]:
    """As much of a graph as its JSON holds, and what is wrong with its form. Never raises."""
    parts = read_parts(source)
    graph = Graph(parts.nodes, tuple(parts.edges), parts.settings)
    return graph, tuple(parts.problems)


def read_graph(source: Json) -> Graph:
    """The graph of its JSON; unknown node types and unconnected edges are kept.

    Raises `GraphError` with every problem when something cannot be represented.
    """
    graph, problems = parse_graph(source)
    if problems:
        raise GraphError(problems)
    return graph


def graph_json(graph: Graph) -> dict[str, Json]:
    """The graph in its public form; `read_graph` gives the same graph back."""
    return {
        "schema": GRAPH_SCHEMA,
        "nodes": [_node_json(node) for node in graph.nodes.values()],
        "edges": [_edge_json(edge) for edge in graph.edges],
        "settings": dict(graph.settings),
    }


def _node_json(node: Node) -> dict[str, Json]:
    shown: dict[str, Json] = {
        "id": node.id,
        "type": node.ref,
        "config": dict(node.config),
        "position": {"x": node.position.x, "y": node.position.y},
    }
    if node.label:
        shown["label"] = node.label
    if node.description:
        shown["description"] = node.description
    if node.disabled:
        shown["disabled"] = True
    return shown


def _edge_json(edge: Edge) -> dict[str, Json]:
    return {
        "id": edge.id,
        "source": edge.source,
        "sourceHandle": edge.source_port,
        "target": edge.target,
        "targetHandle": edge.target_port,
    }
