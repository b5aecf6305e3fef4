"""API tokens: shown once, stored hashed, quick to check, quick to revoke."""

import httpx
from fastapi import FastAPI

from cartwheel.accounts.tokens import TokenBook
from cartwheel.database import Database
from cartwheel.statements import Sql
from tests.conftest import HomeWorkspace, browser


async def test_a_token_is_shown_when_it_is_made_and_never_again(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/tokens", json={"name": "Till"})).json()
    listed = (await client.get("/api/tokens")).json()
    assert made["token"].startswith("cw_")
    assert listed["items"] == [{key: made[key] for key in made if key != "token"}]


async def test_the_database_does_not_hold_the_token(
    client: httpx.AsyncClient, database: Database
) -> None:
    token = (await client.post("/api/tokens", json={"name": "Till"})).json()["token"]
    rows = await database.fetch(Sql("SELECT secret_hash FROM api_token"))
    assert token not in rows[0][0]


async def test_a_token_lets_a_program_in_without_csrf(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    token = (await client.post("/api/tokens", json={"name": "Till"})).json()["token"]
    async with browser(app) as program:
        program.headers["Authorization"] = f"Bearer {token}"
        answer = await program.get("/api/session")
    assert answer.json()["person"] is None
    assert answer.json()["workspace"]["id"] == 1


async def test_a_revoked_token_is_refused_at_once_where_it_was_revoked(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    made = (await client.post("/api/tokens", json={"name": "Till"})).json()
    async with browser(app) as program:
        program.headers["Authorization"] = f"Bearer {made['token']}"
        before = await program.get("/api/session")
        await client.delete(f"/api/tokens/{made['id']}")
        after = await program.get("/api/session")
    assert (before.status_code, after.status_code) == (200, 401)


async def test_another_process_refuses_a_revoked_token_once_its_memory_ends(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = (await client.post("/api/tokens", json={"name": "Till"})).json()
    elsewhere = TokenBook(database, remembered_seconds=0)
    before = await elsewhere.find(made["token"])
    await client.delete(f"/api/tokens/{made['id']}")
    assert before is not None
    assert await elsewhere.find(made["token"]) is None
    await elsewhere.close()


async def test_checking_a_token_again_asks_no_database(
    client: httpx.AsyncClient, database: Database
) -> None:
    made = (await client.post("/api/tokens", json={"name": "Till"})).json()
    book = TokenBook(database)
    first = await book.find(made["token"])
    await book.close()
    await database.close()
    assert await book.find(made["token"]) == first


async def test_the_list_tells_when_a_token_was_last_used(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    made = (await client.post("/api/tokens", json={"name": "Till"})).json()
    async with browser(app) as program:
        await program.get("/api/session", headers={"Authorization": f"Bearer {made['token']}"})
    await app.state.tokens.close()
    listed = (await client.get("/api/tokens")).json()["items"][0]
    assert made["last_used_at"] is None
    assert listed["last_used_at"].endswith("Z")


async def test_a_wrong_token_is_refused_even_beside_a_good_cookie(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/api/session", headers={"Authorization": "Bearer cw_wrong"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_another_scheme_of_a_proxy_in_front_does_not_disturb_the_cookie(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/api/session", headers={"Authorization": "Basic b3BlbjpzZXNhbWU="})
    assert answer.status_code == 200


async def test_a_token_cannot_make_tokens(token_client: httpx.AsyncClient) -> None:
    answer = await token_client.post("/api/tokens", json={"name": "Offspring"})
    assert answer.status_code == 403
    assert "admin" in answer.json()["detail"]


async def test_a_token_that_is_not_there_cannot_be_revoked(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/api/tokens/01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert answer.status_code == 404


async def test_the_list_comes_in_pages(client: httpx.AsyncClient, workspace: HomeWorkspace) -> None:
    for number in range(3):
        await client.post("/api/tokens", json={"name": f"Till {number}"})
    first = (await client.get("/api/tokens?limit=2")).json()
    second = (await client.get(f"/api/tokens?limit=2&cursor={first['next']}")).json()
    names = [token["name"] for token in first["items"] + second["items"]]
    assert names == ["Till 2", "Till 1", "Till 0"]
    assert second["next"] is None
