"""Simulations over HTTP: unsaved graphs, drafts, live versions, and clear answers to bad input."""

from typing import Any

import httpx
import pytest

from cartwheel.connections.models import Connection
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.simulation.playing import DELAY, MESSAGE, RULES_ABOVE_100, graph_of

Json = Any
GRAPH = graph_of(
    {
        "t": ("trigger.order_created", {}),
        "c": ("condition.if", {"rules": RULES_ABOVE_100}),
        "d": ("flow.delay", DELAY),
        "w": ("action.send_whatsapp", MESSAGE),
    },
    "t > c", "c.then > d", "d > w",
)  # fmt: skip
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT = "2026-03-01T12:00:00Z"


async def simulate(client: httpx.AsyncClient, **asked: Json) -> httpx.Response:
    return await client.post("/api/workflows/simulate", json={"graph": GRAPH, "at": AT, **asked})


async def test_a_graph_that_was_never_saved_is_played(token_client: httpx.AsyncClient) -> None:
    answer = await simulate(token_client)
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "succeeded"
    assert [step["node_id"] for step in found["steps"]] == ["t", "c", "d", "w"]
    assert found["messages"] == [
        {
            "node_id": "w", "iteration": "", "at": "2026-03-04T12:00:00.000Z",
            "channel": "whatsapp", "to": "+4915112345678", "subject": None,
            "text": "Hi Lena", "html": None,
        }
    ]  # fmt: skip
    assert found["path"] == {
        "nodes": ["t", "c", "d", "w"],
        "edges": ["t > c", "c.then > d", "d > w"],
    }
    assert found["ended_at"] == "2026-03-04T12:00:00.000Z"


@ON_ONE_DATABASE
async def test_every_step_shows_input_output_words_and_time(
    token_client: httpx.AsyncClient,
) -> None:
    steps = (await simulate(token_client)).json()["steps"]
    trigger, condition, wait, message = steps
    assert trigger["output"]["order"]["name"] == "#1042"
    assert condition["words"] == "Order total is 143.60, which is above 100"
    assert (wait["at"], wait["finished_at"]) == (
        "2026-03-01T12:00:00.000Z",
        "2026-03-04T12:00:00.000Z",
    )
    assert message["input"] == {"to": "+4915112345678", "text": "Hi Lena"}


@ON_ONE_DATABASE
async def test_given_data_goes_before_the_sample(token_client: httpx.AsyncClient) -> None:
    event = {"type": "order_created", "data": {"order": {"total": "5.00"}}}
    found = (await simulate(token_client, event=event)).json()
    assert found["steps"][-1]["port"] == "otherwise"
    assert found["messages"] == []


@ON_ONE_DATABASE
async def test_answers_are_given_one_for_each_attempt(token_client: httpx.AsyncClient) -> None:
    answers = {"w": [{"status": 500}, {"status": 400, "body": {"error": {"code": 131047}}}]}
    found = (await simulate(token_client, answers=answers)).json()
    step = found["steps"][-1]
    assert (found["status"], step["attempts"]) == ("failed", 2)
    assert step["error"]["code"] == "window_closed"


@ON_ONE_DATABASE
async def test_later_events_are_played(token_client: httpx.AsyncClient) -> None:
    then = [{"after": "PT26H", "event": {"sample": True}}]
    found = (await simulate(token_client, then=then)).json()
    assert [run["status"] for run in found["further_runs"]] == ["succeeded"]


@ON_ONE_DATABASE
async def test_a_pinned_step_is_not_performed_and_its_output_is_used(
    token_client: httpx.AsyncClient,
) -> None:
    pins = {"c": {"port": "otherwise", "output": None}, "w": {"port": "error", "output": {"a": 1}}}
    graph = graph_of(
        {
            "t": ("trigger.order_created", {}),
            "c": ("condition.if", {}),
            "w": ("action.send_sms", {}),
        },
        "t > c", "c.otherwise > w",
    )  # fmt: skip
    found = (await simulate(token_client, graph={**graph, "settings": {"pins": pins}})).json()
    assert [step["port"] for step in found["steps"]] == ["done", "otherwise", "error"]
    assert found["steps"][-1]["output"] == {"a": 1}
    assert (found["status"], found["messages"]) == ("succeeded", [])


@ON_ONE_DATABASE
async def test_a_draft_with_a_missing_setting_shows_it_in_the_step(
    token_client: httpx.AsyncClient,
) -> None:
    graph = graph_of({"t": ("trigger.manual", {}), "w": ("action.send_sms", {})}, "t > w")
    found = (await simulate(token_client, graph=graph)).json()
    assert found["status"] == "failed"
    assert found["steps"][1]["error"]["code"] == "missing_setting"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"graph": graph_of({"w": ("action.send_sms", MESSAGE)})}, "no_trigger"),
        ({"graph": {"nodes": "none"}}, "invalid_graph"),
        ({"graph": {**GRAPH, "settings": {"pins": [1]}}}, "bad_pins"),
        ({"graph": {**GRAPH, "settings": {"pins": {"c": "done"}}}}, "bad_pins"),
        ({"event": {"type": "order_paid", "data": {}}}, "event_does_not_match"),
        ({"event": {"type": "order_created"}}, "event_without_data"),
        ({"then": [{"after": "tomorrow", "event": {"sample": True}}]}, "bad_duration"),
        ({"then": [{"after": "P1Y", "event": {"sample": True}}]}, "bad_duration"),
    ],
)
async def test_what_cannot_be_played_is_refused_with_a_sentence(
    token_client: httpx.AsyncClient, asked: Json, code: str
) -> None:
    answer = await simulate(token_client, **asked)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json()["detail"].endswith((".", '."'))


@ON_ONE_DATABASE
@pytest.mark.parametrize("at", ["yesterday", "9999-12-31T23:59:59Z", "2026-03-01T12:00:00", 12])
async def test_a_time_that_makes_no_sense_is_refused(
    token_client: httpx.AsyncClient, at: Json
) -> None:
    assert (await simulate(token_client, at=at)).status_code == 422


@ON_ONE_DATABASE
async def test_a_person_with_any_clock_gets_the_times_in_utc(
    token_client: httpx.AsyncClient,
) -> None:
    found = (await simulate(token_client, at="2026-03-01T13:00:00+01:00")).json()
    assert found["started_at"] == "2026-03-01T12:00:00.000Z"


async def test_a_saved_draft_is_played(token_client: httpx.AsyncClient) -> None:
    made = await token_client.post("/api/workflows", json={"name": "Thanks", "graph": GRAPH})
    answer = await token_client.post(f"/api/workflows/{made.json()['id']}/simulate", json={})
    assert answer.json()["status"] == "succeeded"


async def test_a_workflow_that_is_not_switched_on_has_no_live_version(
    token_client: httpx.AsyncClient,
) -> None:
    made = await token_client.post("/api/workflows", json={"name": "Thanks", "graph": GRAPH})
    path = f"/api/workflows/{made.json()['id']}/simulate"
    assert (await token_client.post(path, json={"use": "live"})).status_code == 409


async def test_a_workflow_of_nobody_we_know_is_not_found(token_client: httpx.AsyncClient) -> None:
    answer = await token_client.post("/api/workflows/01ARZ3NDEKTSV4RRFFQ69G5FAV/simulate", json={})
    assert answer.status_code == 404


@ON_ONE_DATABASE
async def test_a_stranger_may_not_simulate(anonymous: httpx.AsyncClient) -> None:
    assert (await simulate(anonymous)).status_code == 401


async def test_a_simulation_leaves_nothing_behind(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    assert (await simulate(token_client)).status_code == 200
    for table in ("event", "run", "step", "token", "effect", "outbox_message"):
        rows = await database.fetch(Sql(f"SELECT count(*) FROM {table}"))
        assert rows[0][0] == 0, table


async def test_the_workspaces_own_connections_are_used_without_their_secrets(
    token_client: httpx.AsyncClient, database: Database
) -> None:
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=1, id="c1", app="twilio", name="Our number",
                created_at=0, updated_at=0,
                settings={"account_sid": "AC123", "from": "+15005550006"},
            )
        )  # fmt: skip
    config = {**MESSAGE, "connection": "c1"}
    graph = graph_of(
        {"t": ("trigger.order_created", {}), "s": ("action.send_sms", config)}, "t > s"
    )
    (request,) = (await simulate(token_client, graph=graph)).json()["requests"]
    assert "AC123" in request["url"]
    assert "authorization" not in {name.lower() for name in request["headers"]}
