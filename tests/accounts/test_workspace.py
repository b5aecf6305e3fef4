"""The workspace's settings and the first start."""

import asyncio

import httpx
import pytest

from cartwheel.accounts.first_start import create_token, ensure_owner, sweep
from cartwheel.accounts.login_links import make_login_link
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.settings import Settings
from cartwheel.statements import Sql


async def test_what_is_left_out_of_a_change_stays(client: httpx.AsyncClient) -> None:
    await client.patch("/api/workspace", json={"name": "Ola's Teas", "timezone": "Europe/Warsaw"})
    answer = await client.patch("/api/workspace", json={"currency": "PLN"})
    assert answer.json() == {
        "id": 1,
        "name": "Ola's Teas",
        "timezone": "Europe/Warsaw",
        "currency": "PLN",
        "locale": "en",
        "keep_runs_days": 90,
        "keep_events_days": 90,
        "keep_outbox_days": 90,
    }


async def test_every_fault_is_told_at_once_and_where(client: httpx.AsyncClient) -> None:
    body = {"timezone": "Mars/Olympus", "currency": "euro", "colour": "red"}
    answer = await client.patch("/api/workspace", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    places = {fault["pointer"] for fault in answer.json()["problems"]}
    assert places == {"/timezone", "/currency", "/colour"}


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "", "Europe", "\udcff"])
async def test_a_time_zone_is_a_name_and_never_a_file(client: httpx.AsyncClient, zone: str) -> None:
    body = '{"timezone": "' + zone.encode("unicode_escape").decode() + '"}'
    headers = {"Content-Type": "application/json"}
    answer = await client.patch("/api/workspace", content=body.encode(), headers=headers)
    assert answer.status_code in {400, 422}


async def test_a_setting_cannot_be_emptied(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/api/workspace", json={"name": None})
    assert answer.status_code == 422


async def test_an_api_token_reads_the_settings_but_does_not_change_them(
    token_client: httpx.AsyncClient,
) -> None:
    assert (await token_client.get("/api/workspace")).status_code == 200
    assert (await token_client.patch("/api/workspace", json={"name": "x"})).status_code == 403


async def test_the_first_start_makes_one_workspace_with_one_owner(database: Database) -> None:
    made = await asyncio.gather(*(ensure_owner(database) for _ in range(5)))
    people = await database.fetch(Sql("SELECT workspace_id, role FROM person"))
    assert sorted(made) == [False] * 4 + [True]
    assert [tuple(person) for person in people] == [(1, "owner")]


async def test_before_the_first_start_there_is_nobody_to_make_a_link_for(
    database: Database, settings: Settings
) -> None:
    with pytest.raises(NotFound):
        await make_login_link(database, settings)


async def test_the_command_lines_token_works(
    anonymous: httpx.AsyncClient, database: Database
) -> None:
    token = await create_token(database, "script")
    answer = await anonymous.get("/api/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_sweeping_leaves_what_still_counts(
    client: httpx.AsyncClient, database: Database
) -> None:
    await sweep(database)
    assert (await client.get("/api/session")).status_code == 200
