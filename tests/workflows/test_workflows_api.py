"""Workflows through the API: drafts, going live, versions, and coming back."""

import asyncio
from typing import Any

import httpx
import pytest

from cartwheel.database import Database
from cartwheel.statements import Row, Sql

from .conftest import edge, graph, node

Json = Any
Client = httpx.AsyncClient


def wait(amount: int = 3, trigger: str = "trigger.order_created", config: Json = None) -> Json:
    """A sound workflow: when something happens, wait."""
    return graph(
        [
            node("start", trigger, config),
            node("wait", "flow.delay", {"amount": amount, "unit": "days"}),
        ],
        [edge("start", "wait")],
    )


async def create(client: Client, source: Json = None, name: str = "Thank you") -> Json:
    answer = await client.post("/api/workflows", json={"name": name, "graph": source or wait()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def save(client: Client, workflow: Json, source: Json, revision: int | None = None) -> Json:
    return await client.put(
        f"/api/workflows/{workflow['id']}/draft",
        json={"graph": source, "revision": revision or workflow["revision"]},
    )


async def activate(client: Client, workflow: Json) -> httpx.Response:
    return await client.post(f"/api/workflows/{workflow['id']}/activate")


async def activations(database: Database) -> list[Row]:
    rows = await database.fetch(
        Sql("SELECT version, event_type, live_from, live_until FROM activation ORDER BY id")
    )
    return [tuple(row) for row in rows]


# --- drafts ---------------------------------------------------------------------------------------


async def test_a_new_workflow_is_an_empty_draft(client: Client):
    answer = await client.post("/api/workflows", json={"name": "  Thank you  "})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["state"], made["revision"]) == ("Thank you", "draft", 1)
    assert made["graph"] == {"schema": 1, "nodes": [], "edges": [], "settings": {}}
    assert [problem["code"] for problem in made["problem_list"]] == ["no_trigger", "no_steps"]
    assert made["problems"] == {"errors": 2, "warnings": 0}


async def test_a_card_shows_trigger_and_channel(client: Client):
    source = {**wait(), "settings": {"channel": "whatsapp"}}
    await create(client, source)
    (card,) = (await client.get("/api/workflows")).json()["items"]
    assert (card["trigger_type"], card["channel"]) == ("trigger.order_created", "whatsapp")
    assert "graph" not in card


async def test_a_draft_is_saved_with_its_problems(client: Client):
    workflow = await create(client)
    answer = await save(client, workflow, wait(amount=-1))
    assert answer.status_code == 200
    assert answer.json()["revision"] == 2
    assert [problem["field"] for problem in answer.json()["problems"]] == ["/amount"]


async def test_a_stale_revision_gets_the_servers_draft(client: Client):
    workflow = await create(client)
    await save(client, workflow, wait(amount=4))
    answer = await save(client, workflow, wait(amount=5))
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "stale_revision"
    assert (problem["revision"], problem["graph"]) == (2, wait(amount=4))


async def test_saving_the_same_draft_again_is_no_conflict(client: Client):
    workflow = await create(client)
    await save(client, workflow, wait(amount=4))
    answer = await save(client, workflow, wait(amount=4))
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)


async def test_of_two_savers_at_once_one_is_told(client: Client):
    workflow = await create(client)
    answers = await asyncio.gather(
        *(save(client, workflow, wait(amount=amount)) for amount in range(4, 8))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_ten_thousand_steps_are_refused_with_one_sentence(client: Client):
    workflow = await create(client)
    nodes = [{"id": f"n{number}", "type": "flow.stop@1"} for number in range(10_000)]
    answer = await save(client, workflow, graph(nodes))
    assert answer.status_code == 422
    assert [problem["code"] for problem in answer.json()["problems"]] == ["too_many_nodes"]


async def test_what_our_own_fields_do_not_know_survives(client: Client):
    source = wait()
    source["nodes"][0]["width"] = 240
    workflow = await create(client, source)
    shown = (await client.get(f"/api/workflows/{workflow['id']}")).json()
    assert shown["graph"] == source


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "x", "graph": []},
        {"name": "x", "graph": {}, "from": "y"},
        {"name": "x", "colour": "red"},
    ],
)
async def test_a_new_workflow_needs_a_name_and_one_beginning(client: Client, body: Json):
    assert (await client.post("/api/workflows", json=body)).status_code == 422


async def test_any_json_can_be_validated(client: Client):
    for source in (None, 7, "x", [], {"nodes": 3}, {"nodes": [None]}):
        answer = await client.post("/api/workflows/validate", json={"graph": source})
        assert answer.status_code == 200
        assert answer.json()["problems"]


# --- the list -------------------------------------------------------------------------------------


async def test_the_list_goes_on_with_its_cursor(client: Client):
    made = [(await create(client, name=f"Flow {number}"))["id"] for number in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/workflows", params=query)).json()
        seen += [card["id"] for card in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_the_search_takes_percent_signs_as_they_are(client: Client):
    await create(client, name="10% off")
    await create(client, name="100 orders")
    page = (await client.get("/api/workflows", params={"search": "10%"})).json()
    assert [card["name"] for card in page["items"]] == ["10% off"]


async def test_a_cursor_of_somebody_else_is_told(client: Client):
    answer = await client.get("/api/workflows", params={"cursor": "' OR 1=1"})
    assert answer.status_code == 422


# --- coming and going -----------------------------------------------------------------------------


async def test_a_copy_begins_with_the_others_draft(client: Client):
    original = await create(client)
    answer = await client.post("/api/workflows", json={"from": original["id"]})
    assert answer.status_code == 201
    assert answer.json()["name"] == "Thank you (copy)"
    assert answer.json()["graph"] == original["graph"]
    assert answer.json()["id"] != original["id"]


async def test_renaming_keeps_the_draft(client: Client):
    workflow = await create(client)
    answer = await client.patch(f"/api/workflows/{workflow['id']}", json={"name": "Other"})
    assert (answer.json()["name"], answer.json()["revision"]) == ("Other", 1)


async def test_a_deleted_workflow_is_gone_until_it_is_brought_back(client: Client):
    workflow = await create(client)
    await activate(client, workflow)
    path = f"/api/workflows/{workflow['id']}"
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await client.get("/api/workflows")).json()["items"] == []
    back = (await client.post(f"{path}/undelete")).json()
    assert (back["state"], back["active_version"]) == ("paused", None)
    assert (await client.get(path)).status_code == 200


async def test_a_deleted_workflow_takes_no_events(client: Client, database: Database):
    workflow = await create(client)
    await activate(client, workflow)
    await client.delete(f"/api/workflows/{workflow['id']}")
    ((_, _, _, live_until),) = await activations(database)
    assert live_until is not None


@pytest.mark.parametrize("workflow_id", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "x'y", "ü"])
async def test_an_id_that_nobody_has_is_not_found(client: Client, workflow_id: str):
    for method, tail in (("GET", ""), ("DELETE", ""), ("POST", "/activate"), ("GET", "/versions")):
        answer = await client.request(method, f"/api/workflows/{workflow_id}{tail}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# --- going live -----------------------------------------------------------------------------------


async def test_activating_makes_the_first_version_live(client: Client, database: Database):
    workflow = await create(client)
    answer = await activate(client, workflow)
    assert answer.json() == {"version": 1, "state": "active"}
    shown = (await client.get(f"/api/workflows/{workflow['id']}")).json()
    assert (shown["state"], shown["active_version"], shown["has_changes"]) == ("active", 1, False)
    ((version, event_type, _, live_until),) = await activations(database)
    assert (version, event_type, live_until) == (1, "order_created", None)


async def test_a_draft_with_errors_cannot_go_live(client: Client, database: Database):
    workflow = await create(client, wait(amount=-1))
    answer = await activate(client, workflow)
    assert answer.status_code == 422
    assert answer.json()["code"] == "workflow_has_problems"
    assert [problem["field"] for problem in answer.json()["problems"]] == ["/amount"]
    assert await activations(database) == []


async def test_activating_the_same_graph_again_makes_no_new_version(
    client: Client, database: Database
):
    workflow = await create(client)
    await activate(client, workflow)
    assert (await activate(client, workflow)).json()["version"] == 1
    assert len(await activations(database)) == 1


async def test_a_new_version_takes_over_without_a_gap(client: Client, database: Database):
    workflow = await create(client)
    await activate(client, workflow)
    await save(client, workflow, wait(amount=4))
    assert (await activate(client, workflow)).json()["version"] == 2
    (_, _, _, ended), (_, _, begun, live_until) = await activations(database)
    assert ended == begun
    assert live_until is None


async def test_only_the_draft_that_was_seen_goes_live(client: Client):
    workflow = await create(client)
    await save(client, workflow, wait(amount=4))
    answer = await client.post(f"/api/workflows/{workflow['id']}/activate", json={"revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_revision")


async def test_a_trigger_for_own_events_listens_for_the_event_in_its_settings(
    client: Client, database: Database
):
    source = wait(trigger="trigger.event", config={"event_type": "quote.accepted"})
    await activate(client, await create(client, source))
    ((_, event_type, _, _),) = await activations(database)
    assert event_type == "quote.accepted"


async def test_switching_off_ends_what_was_live(client: Client, database: Database):
    workflow = await create(client)
    await activate(client, workflow)
    answer = await client.post(f"/api/workflows/{workflow['id']}/deactivate")
    assert answer.json()["state"] == "paused"
    ((_, _, _, live_until),) = await activations(database)
    assert live_until is not None


async def test_switching_on_again_continues_the_same_version(client: Client, database: Database):
    workflow = await create(client)
    await activate(client, workflow)
    await client.post(f"/api/workflows/{workflow['id']}/deactivate")
    assert (await activate(client, workflow)).json()["version"] == 1
    assert [row[0] for row in await activations(database)] == [1, 1]


async def test_a_workflow_that_was_never_live_stays_a_draft_when_switched_off(client: Client):
    workflow = await create(client)
    answer = await client.post(f"/api/workflows/{workflow['id']}/deactivate")
    assert answer.json()["state"] == "draft"


# --- versions -------------------------------------------------------------------------------------


async def test_versions_never_change(client: Client):
    workflow = await create(client)
    await activate(client, workflow)
    await save(client, workflow, wait(amount=4))
    await activate(client, workflow)
    path = f"/api/workflows/{workflow['id']}/versions"
    listed = (await client.get(path)).json()
    assert [(each["number"], each["live"]) for each in listed["items"]] == [(2, True), (1, False)]
    assert (await client.get(f"{path}/1")).json()["graph"] == wait()
    assert (await client.get(f"{path}/3")).status_code == 404


async def test_restoring_makes_an_old_graph_the_draft_and_leaves_what_is_live(client: Client):
    workflow = await create(client)
    await activate(client, workflow)
    await save(client, workflow, wait(amount=4))
    await activate(client, workflow)
    path = f"/api/workflows/{workflow['id']}"
    back = (await client.post(f"{path}/versions/1/restore")).json()
    assert (back["graph"], back["revision"]) == (wait(), 3)
    assert (back["active_version"], back["has_changes"]) == (2, True)
    assert (await activate(client, workflow)).json()["version"] == 3


async def test_the_draft_before_a_restored_version_is_set_aside_and_comes_back(client: Client):
    workflow = await create(client)
    await activate(client, workflow)
    await save(client, workflow, wait(amount=4))
    path = f"/api/workflows/{workflow['id']}"
    back = (await client.post(f"{path}/versions/1/restore")).json()
    assert (back["graph"], back["has_changes"]) == (wait(), False)
    aside, live = (await client.get(f"{path}/versions")).json()["items"]
    assert [(each["number"], each["kept"], each["live"]) for each in (aside, live)] == [
        (2, True, False),
        (1, False, True),
    ]
    assert (await client.post(f"{path}/versions/1/restore")).status_code == 200
    assert (await client.post(f"{path}/versions/2/restore")).json()["graph"] == wait(amount=4)
    assert len((await client.get(f"{path}/versions")).json()["items"]) == 2
    assert (await activate(client, workflow)).json()["version"] == 3


async def test_a_version_is_given_a_name_and_loses_it_again(client: Client):
    workflow = await create(client)
    await activate(client, workflow)
    path = f"/api/workflows/{workflow['id']}/versions"
    named = await client.patch(f"{path}/1", json={"name": " Before Christmas "})
    assert named.json()["name"] == "Before Christmas"
    assert (await client.get(path)).json()["items"][0]["name"] == "Before Christmas"
    assert (await client.patch(f"{path}/1", json={"name": ""})).status_code == 422
    assert (await client.patch(f"{path}/2", json={"name": "None"})).status_code == 404
    assert (await client.patch(f"{path}/1", json={"name": None})).json()["name"] is None


# --- variables ------------------------------------------------------------------------------------


async def test_variables_of_a_saved_and_of_an_unsaved_graph_are_the_same(client: Client):
    workflow = await create(client)
    path = f"/api/workflows/{workflow['id']}/variables"
    saved = await client.get(path, params={"node_id": "wait"})
    unsaved = await client.post(
        "/api/workflows/variables", json={"graph": wait(), "node_id": "wait"}
    )
    assert saved.json() == unsaved.json()
    total = next(each for each in saved.json()["items"] if each["path"] == "order.total")
    assert (total["type"], total["label"]) == ("money", ["Order", "Total"])


async def test_variables_of_a_step_that_is_not_there(client: Client):
    answer = await client.post(
        "/api/workflows/variables", json={"graph": wait(), "node_id": "nobody"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_node")
