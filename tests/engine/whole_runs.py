"""Whole runs of real node types that some day's release ended, step by step with their times, for
later releases to come to again: waits for a moment, tables and counters, people.

`python -m tests.engine.whole_runs` writes those that are not there yet; one that is there is never
written again.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cartwheel.catalog.registry import load_registry
from cartwheel.records.cells import ColumnType
from cartwheel.records.tables import Column, StoredRow, Table
from cartwheel.runs.plan import compile_plan
from cartwheel.simulation.driver import play
from cartwheel.simulation.scenario import Answer, HappenedEvent, LaterEvent, Scenario
from cartwheel.simulation.stage import PlayedRun
from cartwheel.workflows.graph import read_graph
from tests.runs.conftest import ANNA, ORDER, chain, edge, node

FOLDER = Path(__file__).with_name("histories") / "runs"
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
"""A Friday; clocks in Europe go forward on the Sunday."""
WAITLIST = Table(
    "waitlist", "Waitlist",
    (Column("email", "E-mail", ColumnType.TEXT, 1), Column("units", "Units", ColumnType.NUMBER, 2)),
    "email", 1,
)  # fmt: skip

History = dict[str, Any]


class OneTable:
    """A book with a waitlist of one row, and no counters."""

    async def table(self, table_id: str) -> Table | None:
        return WAITLIST if table_id == WAITLIST.id else None

    async def rows(
        self, table: Table, column: str | None, value: Any, limit: int
    ) -> Sequence[StoredRow]:
        row = StoredRow("r1", {"email": "ben@example.com", "units": 2})
        return [row][:limit] if column is None or row.cells.get(column) == value else []

    async def counted(self, name: str, key: str, since: int) -> int:
        return 0


def ended(history: History) -> list[History]:
    """The steps of a history's run, played by this release."""
    return [_written(step) for step in asyncio.run(_play(history)).steps]


async def _play(history: History) -> PlayedRun:
    plan = compile_plan(read_graph(history["graph"]), load_registry())
    answers = {name: [Answer(**each)] for name, each in history["answers"].items()}
    then = [
        LaterEvent(timedelta(hours=each["hours"]), HappenedEvent(each["type"], each["data"]))
        for each in history["then"]
    ]
    scenario = Scenario(
        HappenedEvent("order_created", history["data"]), NOON, history["data"]["customer"],
        answers, then,
        workspace={"name": "Shop", "timezone": "Europe/Warsaw", "locale": "en", "currency": "EUR"},
        records=OneTable(),
    )  # fmt: skip
    return (await play(plan, scenario)).runs[0]


def _written(step: Any) -> History:
    return {
        "node": step.node_id, "iteration": step.iteration, "status": step.status.value,
        "port": step.port, "output": step.output,
        "began": step.started_at and step.started_at.isoformat(),
        "ended": step.finished_at and step.finished_at.isoformat(),
    }  # fmt: skip


# --- what is played ---

_START = node("start", "trigger.order_created@1")
_DATA = {
    "order": {**ORDER["order"], "line_items": [{"sku": "A"}, {"sku": "B"}, {"sku": "A"}]},
    "customer": {**ANNA, "phone": "+14165550101"},
}


def _history(graph: History, answers: Any = None, then: Any = None) -> History:
    return {"graph": graph, "data": _DATA, "answers": answers or {}, "then": then or []}


def _waits() -> History:
    open_hours = {"mode": "business_hours", "opens": "09:00", "closes": "17:00"}
    awaits = {"event_type": "order_paid", "match": "order", "amount": 30, "unit": "days"}
    graph = chain(
        _START,
        node("monday", "flow.wait_until@1", mode="weekday", days=["mon"], time="02:30"),
        node("open", "flow.wait_until@1", **open_hours, holidays=["2026-03-30"], zone="recipient"),
        node("before", "flow.wait_until@1", mode="date", date="2026-10-26", shift=1, time="02:30"),
        node("passed", "flow.wait_until@1", mode="date", date="2026-01-01", when_passed="passed"),
    )
    graph["nodes"] += [
        node("paid", "flow.wait_for_event@1", **awaits),
        node("quiet", "flow.debounce@1", event_type="cart_updated", amount=2, unit="hours"),
        node("late", "flow.wait_for_event@1", **{**awaits, "event_type": "never"}),
    ]
    graph["edges"] += [
        edge("start", "paid"), edge("paid", "quiet"), edge("quiet", "late"),
    ]  # fmt: skip
    then = [
        {"hours": 5, "type": "order_paid", "data": _DATA},
        *({"hours": hours, "type": "cart_updated", "data": _DATA} for hours in (6, 7.5, 20)),
    ]
    return _history(graph, then=then)


def _tables() -> History:
    save = node("save", "data.save_row@1", table="waitlist",
                cells={"email": "{{ item.sku }}@example.com", "units": "{{ index }}"})  # fmt: skip
    count = node("count", "data.counter@1", name="skus", key="{{ item.sku }}", amount="1",
                 window=7, unit="days", limit="1")  # fmt: skip
    graph = chain(
        _START,
        node("each", "flow.for_each@1", items="order.line_items"),
        node("ben", "data.delete_row@1", table="waitlist", column="email", value="ben@example.com"),
        node("all", "data.find_row@1", table="waitlist", limit=10),
        node("none", "data.find_row@1", table="gone", limit=10),
    )
    graph["nodes"] += [save, count]
    graph["edges"] = [
        edge("start", "each"), edge("each", "save", "body"), edge("save", "count"),
        edge("each", "ben"), edge("ben", "all"), edge("all", "none", "found"),
    ]  # fmt: skip
    return _history(graph)


def _people() -> History:
    asked = ["anna@shop.example", "ben@shop.example", "cleo@shop.example"]
    ask = [
        node(rule, "flow.approval@1", title="Refund?", emails=asked, rule=rule, needed=2)
        for rule in ("one", "all", "some", "in_order")
    ]
    task = node("task", "flow.task@1", title="Pack", checklist=["Box", "Ribbon"])
    graph = chain(_START, *ask, task)
    ports = {"one": "approved", "all": "refused", "some": "refused", "in_order": "timed_out"}
    for line in graph["edges"]:
        line["sourceHandle"] = ports.get(line["source"], "done")
    answers = {name: {"decision": port, "comment": name} for name, port in ports.items()}
    return _history(graph, {**answers, "task": {"decision": "done"}})


PLAYED = {"2026-11-waits": _waits, "2026-11-tables": _tables, "2026-11-people": _people}


def write_new() -> None:
    """Write what is not there yet."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in PLAYED.items():
        file = FOLDER / f"{name}.json"
        if not file.exists():
            history = make()
            kept = {**history, "steps": ended(history)}
            file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_new()
