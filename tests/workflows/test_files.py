"""Workflows as files, labels, what happened lately, and pausing everything."""

import json
from typing import Any

import httpx
import pytest

from cartwheel.clock import first_id_at, now_ms
from cartwheel.database import Database
from cartwheel.statements import Sql

from .conftest import edge, graph, node

Json = Any
Client = httpx.AsyncClient
DAY_MS = 86_400_000
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def calling() -> Json:
    """A workflow with everything in it that must not leave the house."""
    drawn = graph(
        [
            node("start", "trigger.order_created"),
            node(
                "call",
                "action.http_request",
                {
                    "method": "POST",
                    "url": "https://erp.example/orders",
                    "headers": {"Authorization": "Bearer s3cret", "X-Order": "{{ order.name }}"},
                    "body": {
                        "api_key": "k3y",
                        "order": "{{ order.id }}",
                        "lines": [{"token": "t"}],
                    },
                },
            ),
            node(
                "tell", "action.slack_message", {"connection": "C1", "channel": "#a", "text": "x"}
            ),
        ],
        [edge("start", "call"), edge("call", "tell")],
    )
    drawn["settings"] = {"channel": "slack", "pins": {"start": {"port": "done", "output": "Lena"}}}
    return drawn


def waiting() -> Json:
    """A small sound workflow."""
    wait = node("wait", "flow.delay", {"amount": 1, "unit": "days"})
    return graph([node("start", "trigger.manual"), wait], [edge("start", "wait")])


async def create(client: Client, drawn: Json = None, name: str = "Flow") -> Json:
    answer = await client.post("/api/workflows", json={"name": name, "graph": drawn or calling()})
    return answer.json()


async def take_in(client: Client, document: Json) -> httpx.Response:
    return await client.post("/api/workflows/import", json={"document": document})


@on_sqlite
async def test_a_file_holds_the_drawing_and_nothing_of_its_owner(client: Client):
    made = await create(client)
    await client.patch(f"/api/workflows/{made['id']}", json={"labels": ["VIP", "Autumn"]})
    exported = (await client.get(f"/api/workflows/{made['id']}/export")).json()

    written = json.dumps(exported)
    for private in ("s3cret", "k3y", '"t"', "C1", "Lena"):
        assert private not in written
    assert "{{ order.name }}" in written
    assert "erp.example" in written
    assert (exported["cartwheel"], exported["schema"]) == ("workflow", 1)

    again = (await take_in(client, exported)).json()
    assert (again["name"], again["labels"]) == ("Flow", ["VIP", "Autumn"])
    assert again["graph"] == exported["graph"]


@on_sqlite
@pytest.mark.parametrize("form", ["graph", "steps"])
async def test_a_bare_graph_and_copied_steps_are_taken_in_too(client: Client, form: str):
    note = {"id": "n", "text": "Ask Ola", "color": "blue", "position": {"x": 0, "y": 0}}
    note |= {"width": 240, "height": 160}
    drawn = {**graph([node("start", "trigger.manual")], []), "notes": [note]}
    document = drawn if form == "graph" else {"cartwheel": "steps", **drawn}
    made = (await take_in(client, document)).json()
    assert made["name"] == "Imported workflow"
    assert [each["id"] for each in made["graph"]["nodes"]] == ["start"]
    assert made["graph"]["notes"] == [note]


@on_sqlite
@pytest.mark.parametrize(
    ("document", "code", "words"),
    [
        ("hello", "not_a_workflow", "This is not a workflow"),
        ([1, 2], "not_a_workflow", "This is not a workflow"),
        ({"name": "a package", "version": 3}, "not_a_workflow", "exported from Cartwheel"),
        ({"nodes": "many"}, "not_a_workflow", "This is not a workflow"),
        ({"nodes": []}, "empty_workflow", "no steps"),
        ({"cartwheel": "workflow", "schema": 2, "graph": {}}, "newer_workflow", "newer Cartwheel"),
        ({"graph": {"schema": 9, "nodes": []}}, "newer_workflow", "Update this one"),
        ({"nodes": [{}] * 10_000}, "invalid_graph", "10,000 steps; the most is 1,000"),
    ],
)
async def test_what_is_no_workflow_is_refused_with_a_sentence(
    client: Client, document: Json, code: str, words: str
):
    answer = await take_in(client, document)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert words in answer.json()["detail"]
    assert (await client.get("/api/workflows")).json()["items"] == []


@on_sqlite
async def test_steps_that_are_not_installed_are_kept_and_told(client: Client):
    strange = {"id": "x", "type": "action.teleport@3", "config": {"where": "Mars"}}
    drawn = graph([node("start", "trigger.manual")], [edge("start", "x")])
    drawn["nodes"].append(strange)
    made = (await take_in(client, drawn)).json()

    assert strange in made["graph"]["nodes"]
    assert "unknown_node_type" in {each["code"] for each in made["problem_list"]}


async def test_labels_are_found_again(client: Client):
    first, second = await create(client, name="One"), await create(client, name="Two")
    for made, labels in ((first, ["VIP", "100 %", "VIP"]), (second, ["vip-like"])):
        answer = await client.patch(f"/api/workflows/{made['id']}", json={"labels": labels})
        assert answer.status_code == 200, answer.text

    assert (await client.get("/api/workflows/labels")).json()["items"] == [
        "100 %",
        "VIP",
        "vip-like",
    ]
    for label, names in (("VIP", ["One"]), ("100 %", ["One"]), ("VI", []), ("%", [])):
        listed = await client.get("/api/workflows", params={"label": label})
        assert [each["name"] for each in listed.json()["items"]] == names, label
    copied = await client.post("/api/workflows", json={"from": first["id"]})
    assert copied.json()["labels"] == ["VIP", "100 %"]


@on_sqlite
@pytest.mark.parametrize("labels", [[""], ["x" * 31], ["a\nb"], ["y"] * 11, "VIP"])
async def test_labels_that_are_none_are_refused(client: Client, labels: Json):
    made = await create(client)
    answer = await client.patch(f"/api/workflows/{made['id']}", json={"labels": labels})
    assert answer.status_code == 422


async def test_the_last_days_are_counted_by_day_and_failure(client: Client, database: Database):
    made = await create(client, waiting())
    await client.post(f"/api/workflows/{made['id']}/activate")
    now = now_ms()
    for number, (days_ago, status) in enumerate(
        [(0, "succeeded"), (0, "failed"), (2, "quarantined"), (2, "waiting"), (9, "failed")]
    ):
        at = now - days_ago * DAY_MS
        await _add_run(database, made["id"], first_id_at(at)[:-2] + f"{number:02}", status, at)

    found = (await client.get("/api/workflows/recent")).json()
    assert len(found["days"]) == 7
    assert found["items"] == [
        {
            "workflow_id": made["id"],
            "runs": [0, 0, 0, 0, 2, 0, 2],
            "failed": [0, 0, 0, 0, 1, 0, 1],
            "came_in": None,
            "kept_out": None,
        }
    ]


async def _add_run(database: Database, workflow_id: str, run_id: str, status: str, at: int) -> None:
    def rows() -> Any:
        yield Sql(
            "INSERT INTO event (workspace_id, id, type, source, source_id, body_hash, data, "
            "received_at, routed_at, depth) VALUES (1, $1, 'manual', 'manual', '', '', '{}', $2, "
            "$2, 0)",
            (run_id, at),
        )
        yield Sql(
            "INSERT INTO run (workspace_id, id, workflow_id, version, event_id, subject, status, "
            "created_at, fence, crashes, next_token, step_count) "
            "VALUES (1, $1, $2, 1, $1, '', $3, $4, 0, 0, 1, 0)",
            (run_id, workflow_id, status, at),
        )

    await database.run(rows())


@on_sqlite
async def test_everything_is_paused_at_once(client: Client):
    made = [await create(client, waiting(), name) for name in ("A", "B", "C")]
    for each in made[:2]:
        await client.post(f"/api/workflows/{each['id']}/activate")

    answer = await client.post("/api/workflows/pause-all")
    assert answer.json() == {"workflows": 2, "runs_changed": 0}
    listed = (await client.get("/api/workflows")).json()["items"]
    assert {each["name"]: each["state"] for each in listed} == {
        "A": "paused",
        "B": "paused",
        "C": "draft",
    }
    assert (await client.post("/api/workflows/pause-all")).json()["workflows"] == 0
