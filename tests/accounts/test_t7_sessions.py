"""TRUST.md T7: the cookie, cross-site requests, and when a session ends."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.accounts.cookies import COOKIE
from cartwheel.accounts.login_links import make_login_link
from cartwheel.accounts.sessions import IDLE_ENDS_MS
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.settings import Settings
from cartwheel.statements import Sql, Transaction
from tests.conftest import browser

PASSWORD = "eleven wheels on a cart"
OWNER = {"email": "ola@example.com", "password": PASSWORD}


@pytest.fixture
async def owner(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The owner's browser, after a password was set."""
    answer = await client.post("/api/password", json={"new": PASSWORD, "email": OWNER["email"]})
    assert answer.status_code == 200
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


@pytest.fixture
async def elsewhere(app: FastAPI, owner: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The same person at a second browser."""
    async with browser(app) as opened:
        answer = await opened.post("/api/session", json=OWNER)
        opened.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield opened


async def test_the_cookie_carries_every_protection_a_browser_offers(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await anonymous.post("/api/session", json=OWNER)
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert cookie.key.startswith("__Host-")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""


async def test_the_database_does_not_hold_what_the_cookie_holds(
    owner: httpx.AsyncClient, database: Database
) -> None:
    rows = await database.fetch(Sql("SELECT secret_hash FROM session"))
    assert owner.cookies[COOKIE] not in {row[0] for row in rows}


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    wrong = await anonymous.post("/api/session", json={**OWNER, "password": "something else"})
    unknown = await anonymous.post("/api/session", json={**OWNER, "email": "who@example.com"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


async def test_the_address_may_be_typed_in_any_case(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await anonymous.post("/api/session", json={**OWNER, "email": " Ola@Example.COM "})
    assert answer.status_code == 200


async def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(
    app: FastAPI, owner: httpx.AsyncClient
) -> None:
    old = owner.cookies[COOKIE]
    await owner.post("/api/session", json=OWNER)
    assert owner.cookies[COOKIE] != old
    assert await _status_with(app, old) == 401


async def test_after_signing_out_the_cookie_is_worth_nothing(
    app: FastAPI, owner: httpx.AsyncClient
) -> None:
    kept = owner.cookies[COOKIE]
    answer = await owner.delete("/api/session")
    assert answer.status_code == 204
    assert COOKIE not in owner.cookies
    assert await _status_with(app, kept) == 401


async def test_a_new_password_signs_out_every_other_browser(
    app: FastAPI, owner: httpx.AsyncClient, elsewhere: httpx.AsyncClient
) -> None:
    old = owner.cookies[COOKIE]
    body = {"current": PASSWORD, "new": "twelve wheels on a cart"}
    answer = await owner.post("/api/password", json=body)
    assert answer.status_code == 200
    assert (await owner.get("/api/session")).status_code == 200
    assert (await elsewhere.get("/api/session")).status_code == 401
    assert await _status_with(app, old) == 401


async def test_a_session_that_slept_too_long_is_over(
    owner: httpx.AsyncClient, database: Database
) -> None:
    slept_since = now_ms() - IDLE_ENDS_MS - 1_000
    await database.run(_set("last_seen_at", slept_since))
    assert (await owner.get("/api/session")).status_code == 401


async def test_a_session_ends_after_its_longest_time_however_busy(
    owner: httpx.AsyncClient, database: Database
) -> None:
    await database.run(_set("expires_at", now_ms() - 1_000))
    assert (await owner.get("/api/session")).status_code == 401


async def test_using_a_session_keeps_it_awake(owner: httpx.AsyncClient, database: Database) -> None:
    an_hour_ago = now_ms() - 60 * 60_000
    await database.run(_set("last_seen_at", an_hour_ago))
    await owner.get("/api/session")
    rows = await database.fetch(Sql("SELECT last_seen_at FROM session"))
    assert rows[0][0] > an_hour_ago


async def test_a_change_without_the_csrf_token_is_refused(owner: httpx.AsyncClient) -> None:
    del owner.headers["X-CSRF-Token"]
    answer = await owner.patch("/api/workspace", json={"name": "Taken over"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_the_csrf_token_of_another_session_is_refused(
    owner: httpx.AsyncClient, elsewhere: httpx.AsyncClient
) -> None:
    owner.headers["X-CSRF-Token"] = elsewhere.headers["X-CSRF-Token"]
    answer = await owner.patch("/api/workspace", json={"name": "Taken over"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_page_cannot_change_anything(
    owner: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await owner.patch("/api/workspace", json={"name": "Taken over"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


async def test_another_sites_page_cannot_sign_somebody_in(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = await anonymous.post("/api/session", json=OWNER, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://localhost"}]
)
async def test_our_own_page_can(owner: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await owner.patch("/api/workspace", json={"name": "Ola's"}, headers=headers)
    assert answer.status_code == 200


async def test_no_other_origin_is_ever_invited_in(owner: httpx.AsyncClient) -> None:
    answer = await owner.get("/api/session", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_on_plain_http_elsewhere_signing_in_is_refused_and_tls_is_named(
    app: FastAPI, owner: httpx.AsyncClient
) -> None:
    plain = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://shop.example.com"
    )
    answer = await plain.post("/api/session", json=OWNER)
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_tls")
    assert "TLS" in answer.json()["detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "place", ["http://localhost:8400", "http://127.0.0.1:8400", "http://[::1]"]
)
async def test_on_plain_http_on_the_machine_itself_signing_in_works(
    app: FastAPI, owner: httpx.AsyncClient, place: str
) -> None:
    plain = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=place)
    answer = await plain.post("/api/session", json=OWNER)
    assert answer.status_code == 200
    assert COOKIE in answer.headers["set-cookie"]


async def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for _ in range(5):
        await anonymous.post("/api/session", json={**OWNER, "password": "a wrong one"})
    answer = await anonymous.post("/api/session", json=OWNER)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(answer.headers["retry-after"]) <= 30


async def test_one_network_address_cannot_try_one_password_on_many_accounts(
    anonymous: httpx.AsyncClient,
) -> None:
    for number in range(20):
        guess = {"email": f"person{number}@example.com", "password": "summer2026!"}
        assert (await anonymous.post("/api/session", json=guess)).status_code == 401
    answer = await anonymous.post("/api/session", json=OWNER)
    assert answer.status_code == 429


async def test_the_wait_ends(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(6):
        await anonymous.post("/api/session", json={**OWNER, "password": "a wrong one"})
    await database.run(_unblock())
    assert (await anonymous.post("/api/session", json=OWNER)).status_code == 200


async def test_the_right_password_clears_the_count(
    owner: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for guess in [*["a wrong one"] * 4, PASSWORD, *["a wrong one"] * 4, PASSWORD]:
        answer = await anonymous.post("/api/session", json={**OWNER, "password": guess})
    assert answer.status_code == 200


async def test_the_current_password_cannot_be_guessed_at_an_open_browser(
    owner: httpx.AsyncClient,
) -> None:
    body = {"current": "a wrong one", "new": "twelve wheels on a cart"}
    answers = [await owner.post("/api/password", json=body) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [*[403] * 5, 429]


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 403)])
async def test_a_forgotten_password_is_replaced_within_half_an_hour_of_coming_by_a_link(
    app: FastAPI, owner: httpx.AsyncClient, database: Database, settings: Settings,
    minutes: int, status: int,
) -> None:  # fmt: skip
    link = await make_login_link(database, settings)
    async with browser(app) as fresh:
        session = await fresh.post(f"/api/login-links/{link.rpartition('/')[2]}")
        fresh.headers["X-CSRF-Token"] = session.json()["csrf"]
        await database.run(_set("created_at", now_ms() - minutes * 60_000))
        asks = (await fresh.get("/api/session")).json()["asks_current_password"]
        answer = await fresh.post("/api/password", json={"new": "twelve wheels on a cart"})
    assert (answer.status_code, asks) == (status, status == 403)


async def test_whoever_signed_in_by_password_is_asked_for_it(owner: httpx.AsyncClient) -> None:
    assert (await owner.get("/api/session")).json()["asks_current_password"] is True


async def test_the_first_password_needs_an_address_to_sign_in_by(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/api/password", json={"new": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (422, "email_needed")
    assert answer.json()["problems"][0]["pointer"] == "/email"


async def test_the_session_says_whether_a_password_is_still_missing(
    client: httpx.AsyncClient,
) -> None:
    before = await client.get("/api/session")
    await client.post("/api/password", json={"new": PASSWORD, "email": OWNER["email"]})
    after = await client.get("/api/session")
    assert (before.json()["needs_password"], after.json()["needs_password"]) == (True, False)


async def _status_with(app: FastAPI, secret: str) -> int:
    async with browser(app) as stranger:
        stranger.cookies.set(COOKIE, secret)
        return (await stranger.get("/api/session")).status_code


def _set(column: str, value: int) -> Transaction[None]:
    yield Sql(f"UPDATE session SET {column} = $1", (value,))


def _unblock() -> Transaction[None]:
    yield Sql("UPDATE login_throttle SET blocked_until = $1", (now_ms() - 1,))
