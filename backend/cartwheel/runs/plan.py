"""A workflow's version, compiled once and run often."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Registry, UnknownNodeType
from cartwheel.expressions.rules import Rules, compile_rules
from cartwheel.node_sdk import Json, NodeError
from cartwheel.runs.field_types import Names, Types, field_names, field_types
from cartwheel.runs.flow import BODY_PORT, DONE_PORT, ERROR_PORT, Flow, Join, Shape, trace_flow
from cartwheel.runs.templates import SettingsTemplate, compile_settings
from cartwheel.runs.tokens import Failure
from cartwheel.workflows.elements import Node
from cartwheel.workflows.graph import Graph


@dataclass(frozen=True, eq=False)
class PlannedStep:
    """One node, ready to be performed.

    With a `fault` the node cannot run at all (unknown type, settings that do not fit); a version
    that was activated has none. `ports` are the ways out that the node really has. `types` says
    what the fields hold that its conditions compare, `names` what merchants call them.
    """

    node: Node
    node_type: NodeType | None
    settings: SettingsTemplate
    ports: frozenset[str]
    fault: Failure | None = None
    types: Types = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    _rules: dict[int, Rules | None] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What people call the step."""
        kind = self.node_type.label if self.node_type else self.node.id
        return self.node.label or kind

    @property
    def judges(self) -> bool:
        """Whether conditions stand in the step's settings."""
        return bool(self._rules)

    def rules(self, tree: Json) -> Rules:
        """The compiled form of a rule tree; of one that is drawn in the settings, only once.

        Raises `RuleError`.
        """
        place = id(tree)
        if place not in self._rules:
            return compile_rules(tree)
        known = self._rules[place]
        if known is None:
            known = self._rules[place] = compile_rules(tree)
        return known


@dataclass(frozen=True)
class Plan(Flow):
    """A graph with everything that can be worked out before it runs."""

    graph: Graph
    steps: Mapping[str, PlannedStep]


def compile_plan(graph: Graph, registry: Registry) -> Plan:
    """Compile a graph. Never raises: what is wrong with a node becomes its step's `fault`."""
    steps = _with_types(
        graph.trigger, {node.id: _planned(node, registry) for node in graph.nodes.values()}
    )
    shapes = {node_id: _shape(step) for node_id, step in steps.items()}
    trigger = graph.trigger
    flow = trace_flow(trigger.id if trigger else None, shapes, graph.edges)
    traced = {each.name: getattr(flow, each.name) for each in fields(Flow)}
    return Plan(**traced, graph=graph, steps=steps)


def _with_types(
    trigger: Node | None, steps: Mapping[str, PlannedStep]
) -> Mapping[str, PlannedStep]:
    """The steps with the types that those with conditions need."""
    judging = [node_id for node_id, step in steps.items() if step.judges]
    if not judging:
        return steps
    schemas = {
        node_id: step.node_type.output_schema_for(step.node.config)
        for node_id, step in steps.items()
        if step.node_type is not None
    }
    types = field_types(trigger, schemas)
    titles = {node_id: step.title for node_id, step in steps.items()}
    names = field_names(trigger, schemas, titles)
    return {**steps, **{n: replace(steps[n], types=types, names=names) for n in judging}}


def _planned(node: Node, registry: Registry) -> PlannedStep:
    try:
        node_type = registry.get(node.type, node.version)
    except UnknownNodeType as error:
        failure = Failure(error.code, error.detail, "Remove the step or install its node type.")
        return PlannedStep(node, None, SettingsTemplate(node.config), frozenset(), failure)
    ports = frozenset(port.id for port in node_type.ports_for(node.config)) | {ERROR_PORT}
    try:
        settings = compile_settings(node_type, node.config)
    except NodeError as error:
        failure = Failure(error.code, error.message, error.fix)
        return PlannedStep(node, node_type, SettingsTemplate(node.config), ports, failure)
    trees: dict[int, Rules | None] = {id(tree): None for tree in _rule_trees(node.config)}
    return PlannedStep(node, node_type, settings, ports, _rules=trees)


def _rule_trees(config: Json) -> Iterator[Json]:
    """Every object that may be a rule tree; the settings keep them alive, so ids can name them."""
    if isinstance(config, Mapping):
        if isinstance(config.get("rules"), list):
            yield config
        for part in config.values():
            yield from _rule_trees(part)
    elif isinstance(config, list):
        for part in config:
            yield from _rule_trees(part)


def _shape(step: PlannedStep) -> Shape:
    if step.node.disabled:
        return Shape(passes_by=_way_past(step.node_type, step.node))
    if step.node_type is None:
        return Shape()
    count = step.node.config.get("count", 1)
    return Shape(
        join=Join(step.node_type.join_for(step.node.config)),
        count=count if isinstance(count, int) and count > 0 else 1,
        body=BODY_PORT if step.node_type.body else None,
    )


def _way_past(node_type: NodeType | None, node: Node) -> str:
    """Where a token leaves a node that is switched off: by `done`, else by the first port."""
    ports = [port.id for port in node_type.ports_for(node.config)] if node_type else []
    return DONE_PORT if DONE_PORT in ports or not ports else ports[0]
