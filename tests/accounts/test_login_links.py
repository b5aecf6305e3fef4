"""Links that sign a person in: once, not for long, and only when somebody presses the button."""

import asyncio

import httpx

from cartwheel.accounts.login_links import make_login_link
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.conftest import HomeWorkspace


async def test_a_link_signs_the_owner_in(
    anonymous: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    workspace: HomeWorkspace,
) -> None:
    token = await _token(database, settings)
    answer = await anonymous.post(f"/api/login-links/{token}")
    assert answer.json()["person"]["id"] == workspace.owner_id
    assert (await anonymous.get("/api/session")).status_code == 200


async def test_a_link_works_once(
    anonymous: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    token = await _token(database, settings)
    await anonymous.post(f"/api/login-links/{token}")
    answer = await anonymous.post(f"/api/login-links/{token}")
    assert (answer.status_code, answer.json()["code"]) == (404, "link_spent")
    assert "cartwheel login-link" in answer.json()["detail"]


async def test_of_two_who_press_at_once_one_gets_in(
    anonymous: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    token = await _token(database, settings)
    presses = [anonymous.post(f"/api/login-links/{token}") for _ in range(2)]
    answers = await asyncio.gather(*presses)
    assert sorted(answer.status_code for answer in answers) == [200, 404]


async def test_opening_the_page_a_hundred_times_does_not_use_the_link_up(
    anonymous: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    token = await _token(database, settings)
    for _ in range(100):
        await anonymous.get(f"/login/{token}")
        await anonymous.get(f"/api/login-links/{token}")
    assert (await anonymous.post(f"/api/login-links/{token}")).status_code == 200


async def test_a_link_is_good_for_fifteen_minutes(
    anonymous: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    token = await _token(database, settings)
    await database.run(_age())
    assert (await anonymous.post(f"/api/login-links/{token}")).status_code == 404


async def test_a_made_up_link_is_told_apart_from_nothing(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/api/login-links/guessed")
    assert answer.status_code == 404


async def test_a_new_password_spends_links_that_lie_about(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    token = await _token(database, settings)
    await client.post("/api/password", json={"new": "ten and more", "email": "a@example.com"})
    assert (await client.post(f"/api/login-links/{token}")).status_code == 404


async def test_the_link_names_the_place_where_people_reach_the_installation(
    database: Database, settings: Settings, workspace: HomeWorkspace
) -> None:
    link = await make_login_link(database, settings)
    assert link.startswith("http://localhost:8400/login/")


async def _token(database: Database, settings: Settings) -> str:
    return (await make_login_link(database, settings)).rpartition("/")[2]


def _age() -> Transaction[None]:
    yield Sql("UPDATE login_link SET expires_at = $1", (now_ms() - 1,))
