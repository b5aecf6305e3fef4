"""A graph together with what the catalogue knows about its steps. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Registry, UnknownNodeType
from cartwheel.records.tables import Table
from cartwheel.workflows.graph import Edge, Graph, Node
from cartwheel.workflows.shapes import Schema
from cartwheel.workflows.tables import with_columns

BODY_PORT = "body"


@dataclass(frozen=True)
class TypedGraph:
    """`types` holds the node type of every node whose type is known here, by node id; `tables` the
    shop's tables by id, None where nobody looked."""

    graph: Graph
    types: Mapping[str, NodeType]
    tables: Mapping[str, Table] | None = None

    @classmethod
    def of(
        cls, graph: Graph, registry: Registry, tables: Mapping[str, Table] | None = None
    ) -> "TypedGraph":
        types = ((node.id, _find(node, registry)) for node in graph.nodes.values())
        return cls(graph, {node_id: kind for node_id, kind in types if kind is not None}, tables)

    def output_schema(self, node_id: str) -> Schema | None:
        """What a step with its settings gives; None when its type is unknown."""
        kind, config = self.types.get(node_id), self.graph.nodes[node_id].config
        schema = kind.output_schema_for(config) if kind else None
        return with_columns(schema, config, self.tables) if schema and self.tables else schema

    def name(self, node_id: str) -> str:
        """What a merchant calls the step: its own name, or its type's."""
        node = self.graph.nodes[node_id]
        if node.label:
            return node.label
        return self.types[node_id].label if node_id in self.types else node.type

    def ports(self, node: Node) -> tuple[str, ...] | None:
        """The ids of the ports that a step has with its settings; None when its type is unknown."""
        if node.id not in self.types:
            return None
        return tuple(port.id for port in self.types[node.id].ports_for(node.config))

    @cached_property
    def bodies(self) -> Mapping[str, frozenset[str]]:
        """For each step that repeats a body, the nodes inside it."""
        return {
            node_id: self._reached_by(self.graph.outgoing(node_id, BODY_PORT))
            for node_id, kind in self.types.items()
            if kind.body
        }

    @cached_property
    def inside_bodies(self) -> frozenset[str]:
        """The nodes that run once per item of a list."""
        return frozenset().union(*self.bodies.values())

    def _reached_by(self, edges: Iterable[Edge]) -> frozenset[str]:
        first = frozenset(edge.target for edge in edges)
        return first.union(*(self.graph.downstream(node_id) for node_id in first))


def _find(node: Node, registry: Registry) -> NodeType | None:
    try:
        return registry.get(node.type, node.version)
    except UnknownNodeType:
        return None
