"""The catalogue over HTTP."""

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.accounts.caller import Caller, current_caller
from cartwheel.accounts.models import Role
from cartwheel.catalog.endpoints import router


@pytest.fixture
def visitor() -> httpx.AsyncClient:
    """Somebody who may see the catalogue; the gate in front of the application has its own
    tests."""
    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[current_caller] = lambda: Caller(1, Role.VIEWER)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://localhost")


async def test_every_node_type_is_listed_with_all_that_a_form_needs(
    visitor: httpx.AsyncClient,
) -> None:
    items = (await visitor.get("/api/node-types")).json()["items"]
    sms = next(item for item in items if item["ref"] == "action.send_sms@1")
    assert sms["ports"] == [{"id": "done", "label": "Done"}, {"id": "error", "label": "Error"}]
    assert sms["message"]["channel"] == "sms"
    assert sms["config_schema"]["properties"]["to"]["default"] == "{{ customer.phone }}"
    assert sms["icon"].startswith("<svg")
    assert sms["translations"]["pl"]["label"] == "Wyślij SMS"
    assert {sample["name"] for sample in sms["samples"]} >= {"sent", "answered_stop"}


async def test_the_api_shows_inlined_schemas(visitor: httpx.AsyncClient) -> None:
    assert "$ref" not in (await visitor.get("/api/node-types")).text


async def test_apps_are_listed_with_the_form_of_their_connections(
    visitor: httpx.AsyncClient,
) -> None:
    items = {item["id"]: item for item in (await visitor.get("/api/apps")).json()["items"]}
    assert items["twilio"]["fields"]["properties"]["auth_token"]["x-secret"] is True
    assert (items["twilio"]["channel"], items["twilio"]["testable"]) == ("sms", True)
    assert (items["standard"]["webhook"], items["standard"]["testable"]) == (True, False)


@pytest.mark.parametrize("path", ["/api/node-types", "/api/apps"])
async def test_whoever_has_the_catalogue_is_told_that_it_is_unchanged(
    visitor: httpx.AsyncClient, path: str
) -> None:
    first = await visitor.get(path)
    again = await visitor.get(path, headers={"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (again.status_code, again.content) == (304, b"")


async def test_another_tag_gets_the_whole_answer(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/api/apps", headers={"If-None-Match": '"old"'})
    assert answer.status_code == 200


async def test_a_reader_is_told_all_in_their_own_language_alone(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.get("/api/node-types", headers={"Accept-Language": "pl-PL,en;q=0.5"})
    items = {item["ref"]: item for item in answer.json()["items"]}
    sms = items["action.send_sms@1"]
    assert (sms["label"], sms["ports"][1]) == ("Wyślij SMS", {"id": "error", "label": "Błąd"})
    assert sms["config_schema"]["properties"]["to"]["title"] == "Do"
    assert sms["config_schema"]["properties"]["to"]["default"] == "{{ customer.phone }}"
    assert {"powiadom", "notify"} <= set(sms["search"])
    assert sms["samples"][0]["title"] == "Odbiorca odpowiedział STOP"
    assert not any(item["translations"] for item in items.values())
    assert answer.headers["Vary"] == "Accept-Language"
    apps = (await visitor.get("/api/apps", headers={"Accept-Language": "pl"})).json()["items"]
    twilio = next(app for app in apps if app["id"] == "twilio")
    assert twilio["fields"]["properties"]["from"]["title"] == "Nadawca"


async def test_a_tag_of_one_language_is_none_of_another(visitor: httpx.AsyncClient) -> None:
    polish = await visitor.get("/api/node-types", headers={"Accept-Language": "pl"})
    known = {"If-None-Match": polish.headers["ETag"]}
    again = await visitor.get("/api/node-types", headers={**known, "Accept-Language": "pl"})
    english = await visitor.get("/api/node-types", headers={**known, "Accept-Language": "en"})
    assert (again.status_code, english.status_code) == (304, 200)
