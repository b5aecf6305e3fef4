"""How a simulated event would come in, if it happened outside of the simulation."""

import orjson

from cartwheel.clock import to_ms
from cartwheel.runs.claims import RoutedEvent
from cartwheel.runs.gates import around_event, compile_gate
from cartwheel.simulation.scenario import Scenario
from cartwheel.simulation.schemas import SimulatedEntry
from cartwheel.workflows.entry import is_gated
from cartwheel.workflows.graph import Graph


def entry_of(graph: Graph, scenario: Scenario) -> SimulatedEntry | None:
    """What the graph's filter and rule of entry say to the first event."""
    if not is_gated(graph):
        return None
    gate, start = compile_gate(graph), to_ms(scenario.start)
    contact = scenario.contact if isinstance(scenario.contact, dict) else {}
    event = RoutedEvent(
        workspace_id=0, id="", type=scenario.event.type, received_at=start, label=None,
        contact=contact.get("email") or contact.get("phone"),
        data=orjson.dumps(scenario.event.data).decode(), only_workflow_id=None, depth=0,
        root_id=None, source="",
    )  # fmt: skip
    around = around_event(event, scenario.workspace, start)
    judged = gate.judge(around)
    key = gate.key(around)
    return SimulatedEntry(
        admitted=judged.holds, key=key, words=_words(judged.holds, judged.words, key, gate.rule)
    )


def _words(holds: bool, why: str, key: str | None, rule: object) -> str | None:
    if not holds:
        return f"Outside of a test it would not start: {why}."
    if rule is None:
        return None
    if key is None:
        return "What it counts by came out empty, so it would count by itself."
    if key == "*":
        return "It would count as one with every other run of this workflow."
    return f"It would count as “{key}”."
