"""The bare shape of a graph, as the engine sees it: who follows whom, and where paths meet.

No node type's name and no setting stands here. `trace_flow` looks at a graph once per version;
everything the engine asks later is a dictionary look-up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

ERROR_PORT = "error"
DONE_PORT = "done"
BODY_PORT = "body"


class Join(StrEnum):
    """When a node runs that several paths lead to."""

    ANY = "any"
    ALL = "all"
    COUNT = "n"


@dataclass(frozen=True, slots=True)
class Shape:
    """How one node takes and passes tokens.

    `count` is the number of tokens that a `Join.COUNT` waits for. `body` is the port of a body
    that the node repeats. A node with `passes_by` is switched off: tokens leave by that port.
    """

    join: Join = Join.ANY
    count: int = 1
    body: str | None = None
    passes_by: str | None = None


ORDINARY = Shape()


class EdgeLike(Protocol):
    """What an edge of a graph must tell."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def source_port(self) -> str: ...
    @property
    def target(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Way:
    """One edge, seen from its source port."""

    edge_id: str
    target: str


@dataclass(frozen=True)
class Flow:
    """Who follows whom.

    - `ways`: the edges by (node, port), in the order in which they were drawn.
    - `order`: every node that the trigger reaches, numbered so that edges lead upwards.
    - `merges`: nodes where a second token of the same iteration may arrive.
    - `upstream`: for each node with a join other than `any`, the nodes from which it can be
      reached.
    - `bodies`: for each node with a body, every node that its body reaches.
    """

    trigger: str | None
    shapes: Mapping[str, Shape]
    ways: Mapping[tuple[str, str], tuple[Way, ...]]
    order: Mapping[str, int]
    merges: frozenset[str]
    upstream: Mapping[str, frozenset[str]]
    bodies: Mapping[str, frozenset[str]]

    def shape(self, node_id: str) -> Shape:
        return self.shapes.get(node_id, ORDINARY)

    def leads(self, before: str, node_id: str) -> bool:
        """Whether a way leads from one node to the other, or they are the same."""
        seen, waiting = {before}, [before]
        while waiting:
            here = waiting.pop()
            if here == node_id:
                return True
            fresh = {target for target in self._targets.get(here, ()) if target not in seen}
            seen |= fresh
            waiting += fresh
        return False

    @cached_property
    def _targets(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for (source, _), ways in self.ways.items():
            found[source] += [way.target for way in ways]
        return found

    def body_ways(self, node_id: str) -> tuple[Way, ...]:
        """The edges into the node's body; empty when it has none or nothing is drawn there."""
        port = self.shape(node_id).body
        return self.ways.get((node_id, port), ()) if port else ()


def trace_flow(trigger: str | None, shapes: Mapping[str, Shape], edges: Iterable[EdgeLike]) -> Flow:
    """Look at a graph once. Edges to unknown nodes and edges that close a circle are left out."""
    known = [edge for edge in edges if edge.source in shapes and edge.target in shapes]
    order = _order(trigger, known)
    forward = [e for e in known if e.source in order and order[e.source] < order[e.target]]
    ways: dict[tuple[str, str], list[Way]] = defaultdict(list)
    for edge in forward:
        ways[edge.source, edge.source_port].append(Way(edge.id, edge.target))
    bodies = {node_id: shape.body for node_id, shape in shapes.items() if shape.body}
    return Flow(
        trigger=trigger,
        shapes=shapes,
        ways={key: tuple(found) for key, found in ways.items()},
        order=order,
        merges=_merges(shapes, forward),
        upstream=_upstream(shapes, forward),
        bodies={node_id: _body(node_id, port, forward) for node_id, port in bodies.items()},
    )


def _order(trigger: str | None, edges: Iterable[EdgeLike]) -> dict[str, int]:
    """Reverse postorder from the trigger: without circles a topological order."""
    if trigger is None:
        return {}
    targets: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        targets[edge.source].append(edge.target)
    finished: list[str] = []
    seen = {trigger}
    path: list[tuple[str, Iterator[str]]] = [(trigger, iter(targets[trigger]))]
    while path:
        node_id, rest = path[-1]
        following = next((target for target in rest if target not in seen), None)
        if following is None:
            finished.append(node_id)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(targets[following])))
    return {node_id: position for position, node_id in enumerate(reversed(finished))}


def _merges(shapes: Mapping[str, Shape], edges: Iterable[EdgeLike]) -> frozenset[str]:
    arriving: dict[str, int] = defaultdict(int)
    for edge in edges:
        arriving[edge.target] += 1
    several = {node_id for node_id, number in arriving.items() if number > 1}
    return frozenset(several | {n for n in arriving if shapes[n].join is not Join.ANY})


def _upstream(shapes: Mapping[str, Shape], edges: Iterable[EdgeLike]) -> dict[str, frozenset[str]]:
    sources: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        sources[edge.target].append(edge.source)
    joins = (node_id for node_id, shape in shapes.items() if shape.join is not Join.ANY)
    return {node_id: _reachable(sources[node_id], sources) for node_id in joins}


def _body(node_id: str, port: str, edges: Iterable[EdgeLike]) -> frozenset[str]:
    targets: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        targets[edge.source].append(edge.target)
    first = [e.target for e in edges if (e.source, e.source_port) == (node_id, port)]
    return _reachable(first, targets)


def _reachable(first: Iterable[str], following: Mapping[str, list[str]]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = list(first)
    while waiting:
        node_id = waiting.pop()
        if node_id not in reached:
            reached.add(node_id)
            waiting.extend(following.get(node_id, ()))
    return frozenset(reached)
