"""The worker and the simulator come to the same steps, with the real node types, on any graph."""

import random
import sys
from datetime import UTC, datetime
from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.runs.plan import compile_plan
from cartwheel.runs.schemas import RunDetail
from cartwheel.simulation.callees import callees_of
from cartwheel.simulation.driver import play
from cartwheel.simulation.scenario import HappenedEvent, Scenario
from cartwheel.simulation.stage import PlayedRun
from cartwheel.workflows.graph import read_graph
from tests.runs.conftest import ANNA, ORDER, START, Shop, Worker, chain, edge, node, resting

GRAPHS = 150 if "--chaos" in sys.argv else 12
ITEMS = [{"sku": "A", "price": "9.90"}, {"sku": "B", "price": "20"}, {"sku": "A", "price": "5"}]
DATA = {"order": {**ORDER["order"], "line_items": ITEMS}, "customer": ANNA}


def rule(field: str, operator: str, value: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


def kinds(name: str, chance: random.Random, callees: list[str]) -> list[dict[str, Any]]:
    """A node of each kind, with settings by chance; `callees` are workflows to call."""
    above = str(chance.choice([50, 119, 120, 500]))
    shares = [{"id": way, "share": chance.randint(1, 3)} for way in ("then", "otherwise")]
    sets = [{"name": "x", "value": f"{name} {{{{ order.total }}}}"}]
    half = [{"name": "x", "operation": "divide", "value": "{{ order.total }}", "with": "7"}]
    sums = [{"name": "total", "function": "sum", "member": "price"}]
    list_of = chance.choice(["order.line_items", "order.name"])
    join = {"wait_for": chance.choice(["all", "any", "n"]), "count": 2}
    made: list[tuple[str, dict[str, Any]]] = [
        ("data.set@1", {"values": sets}),
        ("data.compute@1", {"values": half}),
        ("data.aggregate@1", {"list": list_of, "measures": sums, "group_by": "sku"}),
        ("condition.if@1", {"rules": rule("order.total", ">", above)}),
        ("condition.filter@1", {"rules": rule("order.total", ">", above)}),
        ("flow.split@1", {"branches": shares, "hold_out": chance.choice([0, 50])}),
        ("flow.join@1", join),
        ("flow.wait_until@1", {"mode": "date", "date": "2026-01-01"}),
        ("flow.for_each@1", {"items": list_of, "on_error": chance.choice(["stop", "continue"])}),
        ("flow.repeat_until@1", {"rules": rule("order.total", ">", above), "most": 2, "wait": 0}),
        ("flow.sub_workflow@1", {"workflow": chance.choice(callees)}),
    ]
    return [node(name, kind, **config) for kind, config in made]


PORTS = {
    "condition.if@1": ["then", "otherwise"],
    "flow.split@1": ["then", "otherwise", "hold_out"],
    "flow.wait_until@1": ["done", "passed"],
    "flow.repeat_until@1": ["done", "gave_up", "error"],
}


def drawn(seed: int, callees: list[str]) -> dict[str, Any]:
    """A random graph: a body belongs to whoever opens it, everything else is drawn anyhow."""
    chance = random.Random(seed)
    graph: dict[str, Any] = {"schema": 1, "nodes": [START], "edges": [], "settings": {}}
    _scope(graph, chance, callees, ("start", ["done"]), "n", 0)
    return graph


def _scope(
    graph: dict[str, Any], chance: random.Random, callees: list[str],
    entry: tuple[str, list[str]], prefix: str, depth: int,
) -> None:  # fmt: skip
    ways = [entry]
    for number in range(chance.randint(2, 6 - 2 * depth)):
        name = f"{prefix}{number}"
        made = chance.choice(kinds(name, chance, callees))
        graph["nodes"].append(made)
        for source, outs in chance.sample(ways, min(len(ways), chance.randint(1, 3))):
            graph["edges"].append(edge(source, name, chance.choice(outs)))
        ways.append((name, PORTS.get(made["type"], ["done", "done", "error"])))
        if made["type"] in BODIES and depth < 2:
            _scope(graph, chance, callees, (name, ["body"]), f"{name}_", depth + 1)


BODIES = {"flow.for_each@1", "flow.repeat_until@1"}

Steps = dict[tuple[str, str], tuple[Any, ...]]


def of_worker(run: RunDetail) -> tuple[str, Steps]:
    """What the worker wrote down; of a body that stands still the words are its progress."""
    steps = {
        (s.node_id, s.iteration): (s.status, s.port, s.output, s.status != "running" and s.words)
        for s in run.steps
    }
    return run.status, steps


def of_simulator(run: PlayedRun) -> tuple[str, Steps]:
    """What the simulator wrote down, in the same shape."""
    steps = {
        (s.node_id, s.iteration): (
            s.status.value, s.port, s.output, s.status != "running" and s.words,
        )
        for s in run.steps
    }  # fmt: skip
    return run.status.value, steps


def agree(worker: tuple[str, Steps], simulator: tuple[str, Steps], graph: dict[str, Any]) -> bool:
    """The same steps. A call takes a worker some time, so where a failure cuts others short it is
    by chance how far they were: then those are compared that both came to, but for the bodies
    around them, whose results tell of the others."""
    (status, first), (other, second) = worker, simulator
    kinds_of = {each["id"]: each["type"] for each in graph["nodes"]}
    calls = "flow.sub_workflow@1" in kinds_of.values()
    if not (calls and any(step[:2] == ("failed", None) for step in first.values())):
        return worker == simulator
    ended = {"succeeded", "failed"}
    both = [place for place in first.keys() & second.keys() if kinds_of[place[0]] not in BODIES]
    return status == other and all(
        first[place] == second[place]
        for place in both
        if {first[place][0], second[place][0]} <= ended
    )


async def callable_workflows(shop: Shop) -> list[str]:
    """One that gives something back, one that calls it, one that fails, and one that is none."""
    begin = node("begin", "trigger.called@1")
    half = [{"name": "x", "operation": "divide", "value": "{{ order.total }}", "with": "7"}]
    divides = await shop.activate(
        chain(begin, node("half", "data.compute@1", values=half)), "called"
    )
    calls = chain(begin, node("inner", "flow.sub_workflow@1", workflow=divides))
    fails = chain(begin, node("no", "flow.stop@1", label="Out of stock", outcome="failure"))
    return [
        divides,
        await shop.activate(calls, "called"),
        await shop.activate(fails, "called"),
        "?",
    ]


async def test_worker_and_simulator_come_to_the_same_steps(shop: Shop, worker: Worker) -> None:
    callees, events = await callable_workflows(shop), {}
    for seed in range(GRAPHS):
        await shop.activate(drawn(seed, callees), f"case_{seed}")
        events[seed] = await shop.happen(DATA, f"case_{seed}")
    for seed, event_id in events.items():
        run = await resting(shop, worker, event_id)
        plan = compile_plan(read_graph(drawn(seed, callees)), load_registry())
        contact = {name: ANNA[name] for name in ("id", "email", "phone")}
        workspace = {"name": "Anna's Shop", "timezone": "UTC", "locale": "en", "currency": "EUR"}
        event = HappenedEvent(f"case_{seed}", DATA)
        scenario = Scenario(
            event, datetime.now(UTC), contact, workspace=workspace,
            callees=callees_of(shop.database, 1),
        )  # fmt: skip
        played = (await play(plan, scenario)).runs[0]
        assert agree(of_worker(run), of_simulator(played), drawn(seed, callees)), f"seed {seed}"
