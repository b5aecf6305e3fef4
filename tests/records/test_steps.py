"""Tables and counters in runs: written once, with the step, and only there."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.database import Database
from cartwheel.node_sdk import SaveRow
from cartwheel.records.service import get_table
from cartwheel.records.store import tables_of
from cartwheel.runs.keeping import keep_records
from cartwheel.runs.rows import RecordAct, RunRow, RunWrite
from cartwheel.runs.store import commit_group
from cartwheel.statements import Sql
from cartwheel.workflows.validation import check_graph
from tests.records.conftest import waitlist
from tests.runs.conftest import ORDER, START, Hire, Shop, Worker, chain, edge, node, resting, until

PROBLEMS = Path(__file__).parents[2] / "docs" / "problems.md"


async def cells(database: Database) -> list[str]:
    rows = await database.fetch(Sql("SELECT cells FROM record_row ORDER BY id"))
    return [row[0] for row in rows]


async def test_a_run_finds_saves_and_deletes_rows(shop: Shop, worker: Worker) -> None:
    table = (await waitlist(shop.database)).id
    mail = "{{ customer.email }}"
    save = {"table": table, "cells": {"e_mail": mail, "deposit": "{{ order.total }}"}}
    graph = chain(
        START,
        node("save", "data.save_row@1", **save),
        node("more", "data.save_row@1", table=table, cells={"e_mail": mail, "units": "2"}),
        node("find", "data.find_row@1", table=table, column="e_mail", value=mail.upper()),
    )
    graph["nodes"][3]["config"]["value"] = "ANNA@EXAMPLE.COM"
    graph["nodes"].append(node("drop", "data.delete_row@1", table=table, column="units", value="2"))
    graph["edges"].append(edge("find", "drop", "found"))
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert [step.port for step in run.steps] == ["done", "done", "done", "found", "done"]
    assert [step.output["is_new"] for step in run.steps[1:3]] == [True, False]
    assert run.steps[3].output["row"]["deposit"] == "120.00"
    assert run.steps[1].words == ("Added to “Waitlist”: E-mail anna@example.com, Deposit 120.00.")
    assert (await get_table(shop.database, 1, table)).row_count == 0
    assert await shop.count("record_row") == 0


async def test_what_does_not_fit_leaves_by_the_error_port(shop: Shop, worker: Worker) -> None:
    table = (await waitlist(shop.database)).id
    wrong = {"table": table, "cells": {"e_mail": "a", "units": "{{ order.name }}"}}
    graph = chain(START, node("save", "data.save_row@1", **wrong))
    await shop.activate(graph)
    run = await resting(shop, worker, await shop.happen())
    assert run.steps[1].error is not None
    assert (run.status, run.steps[1].error.message) == (
        "failed", "“Units”: “#1042” is no number.",
    )  # fmt: skip
    assert await shop.count("record_row") == 0


async def test_a_committed_write_is_not_repeated_by_whoever_goes_on(
    shop: Shop, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker dies after the commit and before the step is recorded."""
    table = await shop.database.run(_keyless())
    graph = chain(START, node("save", "data.save_row@1", table=table, cells={"note": "once"}))
    await shop.activate(graph)
    reached, never = asyncio.Event(), asyncio.Event()

    async def dies(*_: object) -> str:
        reached.set()
        await never.wait()
        return ""

    with monkeypatch.context() as patched:
        patched.setattr("cartwheel.runs.keeping.WorkerKeeper._kept", dies)
        first = await hire()
        event = await shop.happen()
        first.loop.look()
        await asyncio.wait_for(reached.wait(), 60)
        await first.kill()
    assert len(await cells(shop.database)) == 1
    await shop.database.run(_let_go())
    run = await resting(shop, await hire(), event)
    assert (run.status, run.steps[1].output["is_new"]) == ("succeeded", True)
    assert await cells(shop.database) == ['{"note":"once"}']
    assert (await get_table(shop.database, 1, table)).row_count == 1


def _keyless() -> Any:
    from cartwheel.records.schemas import NewTable
    from cartwheel.records.shaping import new_table

    made = yield from new_table(
        1, NewTable.model_validate({"name": "Log", "columns": [{"name": "Note"}]})
    )
    return made.id


def _let_go() -> Any:
    yield Sql("UPDATE run SET lease_until = 0")


async def test_a_worker_that_lost_its_lease_writes_nothing(shop: Shop) -> None:
    table = (await waitlist(shop.database)).id
    act = RecordAct("k", "save", "", 0, SaveRow(table, {"e_mail": "late"}))
    write = RunWrite(1, "gone", 7, RunRow("running", None, None, 1, 1), records=[act])
    assert await shop.database.run(commit_group([write])) == [False]
    assert await shop.count("record_row") == 0
    assert list(keep_records([])) == []


async def test_of_fifty_runs_at_once_exactly_ten_pass_a_limit_of_ten(
    shop: Shop, hire: Hire
) -> None:
    count = {"name": "Vouchers", "key": "shop", "amount": "1", "window": 1, "unit": "days"}
    await shop.activate(chain(START, node("count", "data.counter@1", **count, limit="10")))
    workers = [await hire(), await hire()]
    for number in range(50):
        await shop.happen({**ORDER, "order": {**ORDER["order"], "id": str(number)}})

    async def over() -> bool:
        for worker in workers:
            worker.loop.look()
        rows = await shop.database.fetch(Sql("SELECT count(*) FROM run WHERE status = 'succeeded'"))
        return rows[0][0] == 50

    await until(over, 30)
    rows = await shop.database.fetch(
        Sql("SELECT port, count(*) FROM step WHERE node_id = 'count' GROUP BY port ORDER BY port")
    )
    assert [tuple(row) for row in rows] == [("over", 40), ("within", 10)]
    assert await shop.count("counter_entry") == 10


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_simulation_sees_real_rows_and_its_own_changes_and_writes_nothing(
    client: httpx.AsyncClient, database: Database, table: str
) -> None:
    await client.post(f"/api/tables/{table}/rows", json={"cells": {"e_mail": "a@x", "units": 1}})
    rows = await cells(database)
    count = {"name": "N", "key": "k", "amount": "2", "window": 1, "unit": "days", "limit": "3"}
    graph = chain(
        node("start", "trigger.manual@1"),
        node("change", "data.save_row@1", table=table, cells={"e_mail": "A@x", "units": "5"}),
        node("add", "data.save_row@1", table=table, cells={"e_mail": "b@x"}),
        node("count", "data.counter@1", **count),
    )
    graph["nodes"] += [
        node("again", "data.counter@1", **count),
        node("all", "data.find_row@1", table=table, limit=5),
    ]
    graph["edges"] += [edge("count", "again", "within"), edge("again", "all", "over")]
    body = {"graph": graph, "event": {"type": "manual", "data": {}}}
    played = (await client.post("/api/workflows/simulate", json=body)).json()
    steps = {step["node_id"]: step for step in played["steps"]}
    assert steps["change"]["words"] == "Would change in “Waitlist”: E-mail A@x, Units 5."
    assert steps["add"]["words"] == "Would add to “Waitlist”: E-mail b@x."
    found = [(row["e_mail"], row["units"]) for row in steps["all"]["output"]["rows"]]
    assert found == [("A@x", 5), ("b@x", None)]
    assert await cells(database) == rows
    left = await database.fetch(Sql("SELECT count(*) FROM counter_entry"))
    assert left[0][0] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_graph_is_checked_against_the_tables_that_are_there(shop: Shop) -> None:
    table = (await waitlist(shop.database)).id
    tables = {each.id: each for each in await tables_of(shop.database, 1)}
    steps = [
        node("gone", "data.find_row@1", table="01JGONE"),
        node("typo", "data.find_row@1", table=table, column="emial", value="x"),
        node("many", "data.save_row@1", table=table, cells={"e_mail": "x", "units": "many"}),
        node("nokey", "data.save_row@1", table=table, cells={"units": "{{ order.total }}"}),
    ]
    graph = chain(START, *steps)
    graph["nodes"][2]["config"]["column"] = "email"
    for place, port in ((1, "not_found"), (2, "found")):
        graph["edges"][place] = edge(steps[place - 1]["id"], steps[place]["id"], port)
    problems = check_graph(graph, load_registry(), (), tables)
    assert [(each.node_id, each.code, each.field) for each in problems] == [
        ("gone", "unknown_table", "/table"),
        ("typo", "unknown_column", "/column"),
        ("many", "bad_cell", "/cells/units"),
        ("nokey", "missing_key", "/cells"),
    ]
    page = PROBLEMS.read_text()
    for each in problems:
        assert f"| `{each.code}` | error | {each.message} |" in page.replace("emial", "email"), each


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_later_steps_know_the_columns_of_a_found_row(
    client: httpx.AsyncClient, table: str
) -> None:
    note = node("note", "flow.stop@1", label="{{ steps.find.row.unist }}")
    graph = chain(START, node("find", "data.find_row@1", table=table))
    graph["nodes"].append(note)
    graph["edges"].append(edge("find", "note", "found"))
    answer = await client.post("/api/workflows/variables", json={"graph": graph, "node_id": "note"})
    offers = {offer["path"]: offer for offer in answer.json()["items"]}
    assert offers["steps.find.row.deposit"]["type"] == "money"
    checked = await client.post("/api/workflows/validate", json={"graph": graph})
    fixes = [problem["fix"] for problem in checked.json()["problems"]]
    assert "Did you mean “units”?" in fixes
