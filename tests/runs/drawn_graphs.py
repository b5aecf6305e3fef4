"""Random workflows of the real node types, each with a history: who answers what, which events
come. What each step does is known beforehand, so that the naive interpreter can be asked too."""

import base64
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cartwheel.runs.flow import Join, Shape
from cartwheel.sheets import write_xlsx
from tests.engine.drawing import EMITS, Arrow, Behaviour, Drawing
from tests.runs.conftest import ANNA, ORDER, edge, node

ITEMS = [{"sku": "A", "price": "9.90"}, {"sku": "B", "price": "20"}, {"sku": "A", "price": "5"}]
TREE = [{"path": str(a), "twigs": [{"path": f"{a}.{b}"} for b in range(2)]} for a in range(3)]
SHEET = "sku,price\nA,9.90\nB,20\n"
BOOK = base64.b64encode(write_xlsx(["sku", "price"], [["A", 9.9], ["B", 20]], "Prices")).decode()
PEOPLE = ["anna@shop.example", "ben@shop.example", "cleo@shop.example"]
_YES, _NO = ("50", "119"), ("120", "500")
"""What an order of 120.00 is above, and what it is not."""


def rule(field: str, operator: str, value: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


@dataclass(frozen=True)
class Surroundings:
    """What workflows may use: who can be called, in the order of `CALLEES`, and a table."""

    callees: Sequence[str]
    table: str


CALLEES = (
    Behaviour("call"),
    Behaviour("call"),
    Behaviour("call"),
    Behaviour("fail"),
    Behaviour("fail"),
)
"""One that gives something back, one that calls it, one that waits, one that fails, none."""


@dataclass(frozen=True)
class Step:
    """A step that can be drawn: its type and settings, what it does, and where lines may leave."""

    kind: str
    config: Mapping[str, Any]
    does: Behaviour = EMITS
    ports: tuple[str, ...] = ("done",)
    join: Join = Join.ANY
    count: int = 1


@dataclass(frozen=True)
class Place:
    """Where a step stands. `path` is a text that tells this pass from others, None where there is
    none; `items` is the list that a body here may go through, with as many entries as `many`."""

    name: str
    case: int
    path: str | None
    items: str | None
    many: int


Maker = Callable[[random.Random, Place, Surroundings], Step]
_FALLIBLE = ("done", "done", "error")
FAILS = Behaviour("fail")


_T = TypeVar("_T")


def _mostly(chance: random.Random, usual: _T, else_: _T) -> _T:
    """Failures cut runs short, so they are the rarer case."""
    return usual if chance.random() < 0.75 else else_


# --- data ---


def _set(chance: random.Random, at: Place, _: Surroundings) -> Step:
    value = "{{ order.total }}"
    kind, does = _mostly(chance, ("money", EMITS), ("boolean", FAILS))
    entry = {"name": "x", "value": value, "type": kind}
    return Step("data.set@1", {"values": [entry]}, does, _FALLIBLE)


def _compute(chance: random.Random, at: Place, _: Surroundings) -> Step:
    by, does = _mostly(chance, ("7", EMITS), ("0", FAILS))
    entry = {"name": "x", "operation": "divide", "value": "{{ order.total }}", "with": by}
    return Step("data.compute@1", {"values": [entry]}, does, _FALLIBLE)


_LISTS = (("order.line_items", EMITS), ("order.name", FAILS))


def _aggregate(chance: random.Random, at: Place, _: Surroundings) -> Step:
    path, does = _mostly(chance, *_LISTS)
    sums = [{"name": "total", "function": "sum", "member": "price"}]
    config = {"list": path, "measures": sums, "group_by": "sku"}
    return Step("data.aggregate@1", config, does, _FALLIBLE)


def _make_file(chance: random.Random, at: Place, _: Surroundings) -> Step:
    path, does = _mostly(chance, *_LISTS)
    config = {"list": path, "format": "csv", "name": at.name}
    return Step("data.make_file@1", config, does, _FALLIBLE)


def _read_csv(chance: random.Random, at: Place, _: Surroundings) -> Step:
    file = chance.choice(("order.sheet", "order.book"))
    path, does = _mostly(chance, (file, EMITS), ("order.line_items", FAILS))
    return Step("data.read_csv@1", {"source": path, "numbers": "point"}, does, _FALLIBLE)


def _key(at: Place) -> str:
    return f"{{{{ order.case }}}}/{at.name}"


def _save_row(chance: random.Random, at: Place, around: Surroundings) -> Step:
    name, does = _mostly(chance, (_key(at), EMITS), ("", FAILS))
    config = {"table": around.table, "cells": {"name": name, "units": "3"}}
    return Step("data.save_row@1", config, does, _FALLIBLE)


def _find_row(chance: random.Random, at: Place, around: Surroundings) -> Step:
    value, port = chance.choice([("here", "found"), ("nobody", "not_found")])
    config = {"table": around.table, "column": "name", "value": value}
    return Step("data.find_row@1", config, Behaviour(port=port), ("found", "not_found", "error"))


def _delete_row(chance: random.Random, at: Place, around: Surroundings) -> Step:
    config = {"table": around.table, "column": "name", "value": "nobody"}
    does = Behaviour(port="not_found")
    return Step("data.delete_row@1", config, does, ("done", "not_found", "error"))


def _counter(chance: random.Random, at: Place, _: Surroundings) -> Step:
    limit, port = chance.choice([("", "within"), ("2", "over")])
    config = {"name": "drawn", "key": _key(at), "amount": "3", "window": 7, "unit": "days"}
    does = Behaviour(port=port)
    return Step("data.counter@1", {**config, "limit": limit}, does, ("within", "over", "error"))


# --- branching ---


def _if(chance: random.Random, at: Place, _: Surroundings) -> Step:
    above, port = chance.choice([(_YES, "then"), (_NO, "otherwise")])
    config = {"rules": rule("order.total", ">", chance.choice(above))}
    return Step("condition.if@1", config, Behaviour(port=port), ("then", "otherwise"))


def _filter(chance: random.Random, at: Place, _: Surroundings) -> Step:
    above, does = chance.choice([(_YES, EMITS), (_NO, Behaviour("end"))])
    return Step("condition.filter@1", {"rules": rule("order.total", ">", above[0])}, does)


def _switch(chance: random.Random, at: Place, _: Surroundings) -> Step:
    field, operator, value, port = chance.choice([
        ("order.currency", "=", "EUR", "a"),
        ("order.total", "between", ["100", "130"], "a"),
        ("order.currency", "in", ["PLN", "EUR"], "a"),
        ("order.total", "<", "120", "otherwise"),
    ])  # fmt: skip
    config = {"field": field, "cases": [{"id": "a", "operator": operator, "value": value}]}
    return Step("condition.switch@1", config, Behaviour(port=port), ("a", "otherwise"))


def _split(chance: random.Random, at: Place, _: Surroundings) -> Step:
    taken = chance.choice(["a", "b"])
    branches = [{"id": way, "share": int(way == taken)} for way in ("a", "b")]
    return Step("flow.split@1", {"branches": branches}, Behaviour(port=taken), ("a", "b"))


def _join(chance: random.Random, at: Place, _: Surroundings) -> Step:
    join, count = chance.choice([(Join.ALL, 1), (Join.ANY, 1), (Join.COUNT, 2)])
    wait_for = {Join.ALL: "all", Join.ANY: "any", Join.COUNT: "n"}[join]
    config = {"wait_for": wait_for, "count": 2}
    return Step("flow.join@1", config, ports=("done",), join=join, count=count)


def _stop(chance: random.Random, at: Place, _: Surroundings) -> Step:
    outcome, port = chance.choice([("success", "done"), ("failure", "failed")])
    return Step("flow.stop@1", {"label": at.name, "outcome": outcome}, Behaviour("stop", port))


# --- waiting ---


def _delay(chance: random.Random, at: Place, _: Surroundings) -> Step:
    config = {"amount": chance.randint(1, 40), "unit": "hours"}
    return Step("flow.delay@1", config, Behaviour("wait"))


def _wait_until(chance: random.Random, at: Place, _: Surroundings) -> Step:
    past = {"mode": "date", "date": "2026-01-01"}
    ways: list[tuple[dict[str, Any], Behaviour]] = [
        (past, EMITS),
        ({**past, "when_passed": "passed"}, Behaviour(port="passed")),
        ({"mode": "weekday", "days": ["mon"], "time": "09:00"}, Behaviour("wait")),
    ]
    config, does = chance.choice(ways)
    return Step("flow.wait_until@1", config, does, ("done", "passed"))


def _event(at: Place, amount: int) -> dict[str, Any]:
    """An event that can only be meant for this very pass."""
    return {
        "event_type": "drawn", "match": "field", "field": "place",
        "value": f"{{{{ order.case }}}}/{at.name}/{at.path}", "amount": amount, "unit": "hours",
    }  # fmt: skip


def _wait_for_event(chance: random.Random, at: Place, _: Surroundings) -> Step:
    does = Behaviour("event", times=chance.randint(0, 1), left="timed_out")
    config = _event(at, chance.randint(1, 40))
    return Step("flow.wait_for_event@1", config, does, ("done", "timed_out"))


def _debounce(chance: random.Random, at: Place, _: Surroundings) -> Step:
    config, ports = _event(at, chance.randint(1, 40)), ("done", "again")
    if chance.random() < 0.5:
        does = Behaviour("event", "again", times=chance.randint(0, 1), left="done")
        return Step("flow.debounce@1", {**config, "then": "give_way"}, does, ports)
    return Step("flow.debounce@1", config, Behaviour("quiet", times=chance.randint(0, 2)), ports)


# --- people ---


def _approval(chance: random.Random, at: Place, _: Surroundings) -> Step:
    does = Behaviour(
        "person", chance.choice(["approved", "refused"]), chance.randint(0, 1), left="timed_out"
    )
    rule_of = chance.choice(["one", "all", "some", "in_order"])
    config = {"title": at.name, "emails": PEOPLE, "rule": rule_of, "needed": 2}
    return Step("flow.approval@1", config, does, ("approved", "refused", "timed_out"))


def _task(chance: random.Random, at: Place, _: Surroundings) -> Step:
    does = Behaviour("person", times=chance.randint(0, 1), left="timed_out")
    config = {"title": at.name, "assignee": PEOPLE[0], "when_due": "time_out"}
    return Step("flow.task@1", config, does, ("done", "timed_out"))


# --- repeating ---


def _for_each(chance: random.Random, at: Place, _: Surroundings) -> Step:
    if at.items is None or chance.random() < 0.2:
        return Step("flow.for_each@1", {"items": "order.name"}, FAILS, _FALLIBLE)
    parallel, on_error = chance.choice([1, 2]), chance.choice(["stop", "continue"])
    config: dict[str, Any] = {"items": at.items, "on_error": on_error}
    if parallel > 1:
        config |= {"order": "at_once", "parallel": parallel}
    does = Behaviour("each", times=at.many, parallel=parallel, on_error=on_error)
    return Step("flow.for_each@1", config, does, _FALLIBLE)


def _repeat(chance: random.Random, at: Place, _: Surroundings) -> Step:
    above, passes, port = chance.choice([(_YES, 1, "done"), (_NO, 2, "gave_up")])
    holds = rule("order.total", ">", above[0])
    config: dict[str, Any] = {"rules": holds, "most": 2, "wait": chance.randint(0, 1)}
    does = Behaviour("again", port, times=passes)
    return Step("flow.repeat_until@1", config, does, ("done", "gave_up", "error"))


def _call(chance: random.Random, at: Place, around: Surroundings) -> Step:
    which = _mostly(chance, chance.randrange(3), chance.randrange(len(CALLEES)))
    config = {"workflow": around.callees[which]}
    return Step("flow.sub_workflow@1", config, CALLEES[which], _FALLIBLE)


MAKERS: tuple[Maker, ...] = (
    _set, _compute, _aggregate, _make_file, _read_csv, _save_row, _find_row, _delete_row, _counter,
    _if, _filter, _switch, _split, _join, _delay, _wait_until, _wait_for_event, _debounce,
    _approval, _task, _for_each, _repeat, _call, _join, _for_each, _repeat,
)  # fmt: skip
HEARING: tuple[Maker, ...] = (_wait_for_event, _debounce)
BODIES = {"flow.for_each@1", "flow.repeat_until@1"}
STOPS = 0.02


# --- whole workflows ---


@dataclass
class Case:
    """A workflow, what its steps do, and what starts it."""

    number: int
    graph: dict[str, Any]
    shapes: dict[str, Shape] = field(default_factory=lambda: {"t": Shape()})
    does: dict[str, Behaviour] = field(default_factory=dict)

    @property
    def event_type(self) -> str:
        return f"case_{self.number}"

    @property
    def data(self) -> dict[str, Any]:
        files = {"sheet": SHEET, "book": BOOK}
        order = {"line_items": ITEMS, "tree": TREE, **files, "case": str(self.number)}
        return {"order": {**ORDER["order"], **order}, "customer": ANNA}

    @property
    def drawing(self) -> Drawing:
        arrows = [
            Arrow(e["id"], e["source"], e["sourceHandle"], e["target"]) for e in self.graph["edges"]
        ]
        return Drawing(self.shapes, self.does, tuple(arrows))

    @property
    def kinds(self) -> dict[str, str]:
        return {each["id"]: each["type"] for each in self.graph["nodes"]}


def drawn(number: int, seed: int, around: Surroundings) -> Case:
    """A random workflow: a body belongs to whoever opens it, everything else is drawn anyhow."""
    trigger = node("t", "trigger.event@1", event_type=f"case_{number}")
    graph: dict[str, Any] = {"schema": 1, "nodes": [trigger], "edges": [], "settings": {}}
    case = Case(number, graph)
    _Artist(case, random.Random(seed), around).scope(("t", ("done",)), "n", 0, ("", TOP))
    _gate(graph, random.Random(seed + 1))
    return case


ENTRIES: tuple[dict[str, Any], ...] = (
    {"mode": "newest", "key": "customer"},
    {"mode": "queued", "key": "order"},
    {"mode": "parallel", "key": "{{ order.case }}", "limit": 1},
)


def _gate(graph: dict[str, Any], chance: random.Random) -> None:
    """A filter and a rule of entry, which a single event passes: by another way into the book."""
    if chance.random() < 0.3:
        graph["settings"]["entry"] = chance.choice(ENTRIES)
    if chance.random() < 0.3:
        graph["nodes"][0]["config"]["filter"] = rule("order.total", ">", _YES[0])


TOP = ("order.tree", 3)
_Reach = tuple[str | None, tuple[str, int] | None]
"""The text that tells a pass, and the list that bodies here may go through, with its length."""


@dataclass
class _Artist:
    case: Case
    chance: random.Random
    around: Surroundings

    def scope(
        self, entry: tuple[str, tuple[str, ...]], prefix: str, depth: int, reach: _Reach
    ) -> None:
        ways = [entry]
        for number in range(self.chance.randint(1, 6 - 2 * depth)):
            name = f"{prefix}{number}"
            step = self._step(name, reach)
            sources = self.chance.sample(ways, min(len(ways), self.chance.randint(1, 3)))
            found = {(source, self.chance.choice(ports)) for source, ports in sources}
            self.case.graph["edges"] += [edge(s, name, port) for s, port in sorted(found)]
            ways.append((name, step.ports))
            if step.kind in BODIES and depth < 2:
                self.scope((name, ("body",)), f"{name}_", depth + 1, _inside(step, reach))

    def _step(self, name: str, reach: _Reach) -> Step:
        path, items = reach
        place = Place(name, self.case.number, path, *(items or (None, 0)))
        makers = MAKERS if path is not None else [m for m in MAKERS if m not in HEARING]
        maker = _stop if self.chance.random() < STOPS else self.chance.choice(makers)
        step = maker(self.chance, place, self.around)
        made = node(name, step.kind, **step.config)
        shape = Shape(step.join, step.count, "body" if step.kind in BODIES else None)
        if self.chance.random() < 0.05:
            made["disabled"] = True
            shape = Shape(passes_by="done" if "done" in step.ports else step.ports[0])
        self.case.graph["nodes"].append(made)
        self.case.shapes[name], self.case.does[name] = shape, step.does
        return step


def _inside(step: Step, reach: _Reach) -> _Reach:
    """A repeated body has no text for its passes; a list's entries have one each."""
    if step.kind == "flow.repeat_until@1":
        return None, reach[1]
    path = None if reach[0] is None else "{{ item.path }}"
    return path, ("item.twigs", 2) if reach[1] == TOP else None
