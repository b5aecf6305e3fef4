"""Every template: sound, ready to be tried out at once, and filled by what was answered."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from cartwheel.accounts.first_start import FIRST_WORKSPACE
from cartwheel.catalog.registry import load_registry
from cartwheel.connections.service import ensure_sandbox
from cartwheel.database import Database
from cartwheel.templates.check import template_faults
from cartwheel.templates.template import load_templates

Client = httpx.AsyncClient
LANGUAGES = ("en", "pl")


@pytest.fixture
async def client(client: Client, database: Database) -> Client:
    """The owner's browser, in a workspace with its sandbox."""
    await ensure_sandbox(database, FIRST_WORKSPACE)
    return client


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def use(client: Client, template_id: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/templates/{template_id}/use", json=body)


@on_sqlite
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_template_as_it_is_can_be_tried_out_and_switched_on(
    client: Client, language: str
):
    for template_id in load_templates():
        answer = await use(client, template_id, language=language)
        assert answer.status_code == 201, answer.text
        workflow = answer.json()
        assert workflow["problems"]["errors"] == 0, workflow["problem_list"]
        others = {each["code"] for each in workflow["problem_list"]} - {"sandbox_in_use"}
        assert not others, f"{template_id}: {others}"
        played = await client.post(f"/api/workflows/{workflow['id']}/simulate", json={})
        result = played.json()
        assert result["status"] == "succeeded", f"{template_id}: {played.text}"
        assert result["messages"], f"{template_id} says nothing on its trigger's sample"
        assert "[[" not in json.dumps(workflow["graph"])
        live = await client.post(f"/api/workflows/{workflow['id']}/activate")
        assert live.status_code == 200, live.text


@on_sqlite
async def test_the_first_three_speak_by_three_channels(client: Client):
    items = (await client.get("/api/templates")).json()["items"]
    assert [each["channel"] for each in items[:3]] == ["whatsapp", "slack", "email"]
    assert all(set(each["translations"]) == {"pl"} for each in items)


@on_sqlite
async def test_answers_stand_where_they_belong(client: Client):
    answer = await use(
        client,
        "thank_big_spenders",
        values={"amount": "250.50", "signature": "Ada & Co."},
        name="  Thank them  ",
        language="pl",
    )
    workflow = answer.json()
    assert workflow["name"] == "Thank them"
    written = json.dumps(workflow["graph"], ensure_ascii=False)
    assert '"value": "250.50"' in written
    assert "Dziękujemy za zamówienie" in written
    assert "Ada & Co." in written
    assert workflow["uses_sandbox"] is True


@on_sqlite
async def test_values_that_do_not_fit_are_told_field_by_field(client: Client):
    answer = await use(
        client, "thank_big_spenders", values={"amount": "a lot", "signature": "", "colour": "red"}
    )
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "bad_values"
    fields = {each["field"]: each["message"] for each in problem["problems"]}
    assert set(fields) == {"/amount", "/signature", "/colour"}
    assert "without a currency" in fields["/amount"]
    assert (await client.get("/api/workflows")).json()["items"] == []


@on_sqlite
async def test_a_template_that_does_not_exist_is_not_found(client: Client):
    assert (await use(client, "nothing")).status_code == 404


# --- the check -----------------------------------------------------------------------------------


def faults_of(folder: Path, document: Any) -> list[str]:
    (folder / "template.json").write_text(json.dumps(document))
    return [str(fault) for fault in template_faults(folder, load_registry())]


@pytest.fixture
def document(tmp_path: Path) -> Any:
    """A sound template of our own, to be broken."""
    original = load_templates()["tell_team_large_order"].folder / "template.json"
    return json.loads(original.read_text())


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("graph", "nodes", 2, "config", "channel"), {"$ask": "room"}, "asked for “room”"),
        (("graph", "nodes", 2, "config", "text"), {"$text": "gone"}, "no text “gone”"),
        (("graph", "nodes", 2, "type"), "action.send_pigeon@1", "send_pigeon"),
        (("asks", "properties", "amount", "default"), "a lot", "without a currency"),
        (("texts", "message"), "Hello {{ order.totla }} [[amount]]", "totla"),
        (("place",), "first", "is not of type 'integer'"),
    ],
)
def test_the_check_finds_what_is_broken(
    tmp_path: Path, document: Any, place: tuple[Any, ...], value: Any, said: str
):
    folder = tmp_path / "broken"
    folder.mkdir()
    holder = document
    for part in place[:-1]:
        holder = holder[part]
    holder[place[-1]] = value
    assert any(said in fault for fault in faults_of(folder, document))
