"""What a step costs in the engine, and in all that is shared by worker and simulator.

    python benchmarks/engine.py

CPU time of one process, the best of five rounds. Nothing is stored and nothing leaves.
"""

import asyncio
import platform
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.node_sdk import ConnectionInfo, Each, Emit, Response
from cartwheel.runs import engine
from cartwheel.runs.execution import perform
from cartwheel.runs.flow import Flow, Shape, trace_flow
from cartwheel.runs.plan import Plan, compile_plan
from cartwheel.runs.recorder import Timed, write_down
from cartwheel.runs.scope import RunScope, Surrounding
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import Close, Outcome, RunState, RunStatus, Start
from cartwheel.workflows.elements import Edge
from cartwheel.workflows.graph import read_graph

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SANDBOX = ConnectionInfo("1", "sandbox", "Sandbox", {})
ROUNDS = 5


class Nowhere:
    """A carrier that does nothing."""

    def connection(self, *_: Any) -> ConnectionInfo:
        return SANDBOX

    async def send(self, *_: Any) -> Response:
        return Response(200, body={"id": "1"})

    fetch = send


# --- the engine alone ---


def engine_run(flow: Flow, items: int = 0) -> int:
    """One run in which every step emits at once; tells the number of steps."""
    advance = engine.begin(flow, NOW)
    to_do = [c for c in advance.commands if isinstance(c, Start | Close)]
    steps = 0
    while to_do:
        token = to_do.pop().token
        is_opener = bool(items) and token.node_id == "e" and token.wait is None
        verdict = Each(range(items)) if is_opener else Emit()
        advance = engine.advance(flow, advance.state, [Outcome(token.id, verdict)], NOW)
        to_do += [c for c in advance.commands if isinstance(c, Start | Close)]
        steps += 1
    return steps


def chain(length: int) -> Flow:
    names = [f"n{number}" for number in range(length)]
    edges = [Edge(target, source, "done", target) for source, target in pairwise(names)]
    return trace_flow("n0", {name: Shape() for name in names}, edges)


def fan(width: int) -> Flow:
    names = [f"n{number}" for number in range(width)]
    edges = [Edge(name, "t", "done", name) for name in names]
    return trace_flow("t", {name: Shape() for name in ["t", *names]}, edges)


def body() -> Flow:
    shapes = {"t": Shape(), "e": Shape(body="body"), "x": Shape(), "y": Shape()}
    edges = [
        Edge("1", "t", "done", "e"),
        Edge("2", "e", "body", "x"),
        Edge("3", "x", "done", "y"),
    ]
    return trace_flow("t", shapes, edges)


# --- everything that worker and simulator share ---


def shop_plan() -> Plan:
    """Trigger, condition, message, and a value worked out: four nodes."""
    above = {"field": "order.total", "operator": ">", "value": "100"}
    text = "Hi {{ customer.first_name }}, thank you for {{ order.name }}!"
    nodes = {
        "t": ("trigger.order_created", {}),
        "c": ("condition.if", {"rules": {"combinator": "and", "rules": [above]}}),
        "s": ("data.set", {"values": [{"name": "who", "value": "{{ customer.email }}"}]}),
        "w": ("action.send_whatsapp", {"to": "{{ customer.phone }}", "text": text}),
    }
    drawn = [
        {"id": node_id, "type": f"{kind}@1", "config": config}
        for node_id, (kind, config) in nodes.items()
    ]
    ways = [("t", "done", "c"), ("c", "then", "s"), ("s", "done", "w")]
    edges = [
        {"id": target, "source": source, "sourceHandle": port, "target": target}
        for source, port, target in ways
    ]
    return compile_plan(read_graph({"schema": 1, "nodes": drawn, "edges": edges}), load_registry())


async def whole_run(plan: Plan, data: dict[str, Any]) -> int:
    """One run with settings filled in, handlers called and rows made; tells the number of steps."""
    scope = RunScope(Surrounding("e", "order_created", NOW, data), plan.trigger)
    before, advance = RunState(RunStatus.QUEUED), engine.begin(plan, NOW)
    steps = 0
    while starts := [c.token for c in advance.commands if isinstance(c, Start)]:
        (token,) = starts
        around = Surroundings(scope.of(token, advance.state), NOW)
        done = await perform(plan.steps[token.node_id], token, around, Nowhere(), "run")
        before = advance.state
        advance = engine.advance(plan, before, [Outcome(token.id, done.result)], NOW)
        changes = write_down(before, advance, {token.id: Timed(done, NOW)}, NOW)
        for step in changes.steps:
            scope.keep(step.node_id, step.iteration, step.output)
        steps += 1
    assert advance.state.status is RunStatus.SUCCEEDED
    return steps


# --- measuring ---


async def measure(name: str, work: Callable[[], Awaitable[int]], times: int) -> None:
    best = float("inf")
    for _ in range(ROUNDS):
        begun, steps = time.process_time(), 0
        for _ in range(times):
            steps += await work()
        best = min(best, (time.process_time() - begun) / steps)
    print(f"{name:<46} {best * 1e6:7.1f} µs a step {steps // times:7,} steps a run")


async def main() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, {NOW.year}")

    def alone(flow: Flow, items: int = 0) -> Callable[[], Awaitable[int]]:
        async def work() -> int:
            return engine_run(flow, items)

        return work

    await measure("engine: chain of 5", alone(chain(5)), 400)
    await measure("engine: chain of 500", alone(chain(500)), 4)
    await measure("engine: 500 branches", alone(fan(500)), 4)
    await measure("engine: body of 2 over 5,000 items", alone(body(), 5_000), 1)
    plan = shop_plan()
    data = load_registry().get("trigger.order_created", 1).samples[0].output

    async def shop() -> int:
        return await whole_run(plan, data)

    await measure("engine, settings, handler, rows: 4 nodes", shop, 400)


if __name__ == "__main__":
    asyncio.run(main())
