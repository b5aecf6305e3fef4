"""Playing workflows of a few steps."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from cartwheel.catalog.node_type import NodeType
from cartwheel.node_sdk import Json
from cartwheel.runs.plan import Plan, compile_plan
from cartwheel.simulation.driver import Played, play
from cartwheel.simulation.scenario import HappenedEvent, Scenario
from cartwheel.simulation.triggers import sample_event
from cartwheel.workflows.graph import read_graph
from tests.engine.node_types import registry_with

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RULES_ABOVE_100 = {
    "combinator": "and",
    "rules": [{"field": "order.total", "operator": ">", "value": "100"}],
}
DELAY = {"amount": 3, "unit": "days"}
MESSAGE = {"to": "{{ customer.phone }}", "text": "Hi {{ customer.first_name }}"}


def graph_of(nodes: dict[str, tuple[str, Json]], *edges: str) -> dict[str, Json]:
    """A graph from `{"w": ("action.send_whatsapp", config)}` and edges such as `c.then > w`."""
    drawn = []
    for edge in edges:
        source, target = (end.strip() for end in edge.split(">"))
        name, _, port = source.partition(".")
        drawn.append({"id": edge, "source": name, "sourceHandle": port or "done", "target": target})
    return {
        "schema": 1,
        "nodes": [
            {"id": node_id, "type": f"{kind}@1", "config": config}
            for node_id, (kind, config) in nodes.items()
        ],
        "edges": drawn,
    }


def plan_of(
    nodes: dict[str, tuple[str, Json]], *edges: str, made: tuple[NodeType, ...] = ()
) -> Plan:
    return compile_plan(read_graph(graph_of(nodes, *edges)), registry_with(*made))


def played(plan: Plan, event: HappenedEvent | None = None, **scenario: Any) -> Played:
    """The plan played on its trigger's sample, unless another event is given."""
    happened = event or sample_event(plan)
    return asyncio.run(play(plan, Scenario(happened, NOON, **scenario)))
