"""Health, readiness, numbers, and the pages that describe the API."""

import sqlite3

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.database import Database
from cartwheel.settings import Settings
from tests.conftest import browser


async def test_a_process_that_answers_is_up(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/healthz")).json() == {"status": "up"}


async def test_ready_means_that_the_database_takes_writes(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/readyz")
    assert answer.json() == {
        "status": "ready",
        "oldest_due_run_seconds": 0.0,
        "oldest_unrouted_event_seconds": 0.0,
    }


async def test_a_locked_database_is_not_ready(
    anonymous: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not settings.is_sqlite:
        pytest.skip("PostgreSQL has no lock on the whole database")
    holder = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    holder.execute("BEGIN IMMEDIATE")
    answer = await anonymous.get("/readyz")
    holder.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


async def test_the_machine_itself_reads_the_numbers(app: FastAPI) -> None:
    local = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=local, base_url="http://localhost") as prometheus:
        await prometheus.get("/healthz")
        answer = await prometheus.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'cartwheel_http_requests_total{method="GET",status="2xx"} 1' in answer.text
    assert "cartwheel_oldest_due_run_seconds 0" in answer.text


@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})],
)
async def test_a_stranger_does_not(app: FastAPI, address: str, headers: dict[str, str]) -> None:
    remote = httpx.ASGITransport(app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=remote, base_url="http://localhost") as stranger:
        assert (await stranger.get("/metrics", headers=headers)).status_code == 401


async def test_a_token_reads_the_numbers_from_anywhere(
    token_client: httpx.AsyncClient,
) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}
    assert (await token_client.get("/metrics", headers=headers)).status_code == 200


async def test_the_api_is_described_on_a_page_without_scripts(
    anonymous: httpx.AsyncClient,
) -> None:
    answer = await anonymous.get("/api/docs")
    assert "/api/session" in answer.text
    assert "<script" not in answer.text


async def test_every_operation_tells_its_problems(anonymous: httpx.AsyncClient) -> None:
    document = (await anonymous.get("/api/openapi.json")).json()
    answers = document["paths"]["/api/tokens/{token_id}"]["delete"]["responses"]
    assert {"204", "401", "403", "404", "503"} <= set(answers)
    assert list(answers["404"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_a_proxy_that_was_named_tells_who_asks_and_how(
    settings: Settings, database: Database
) -> None:
    import dataclasses

    from cartwheel.accounts.first_start import ensure_owner
    from cartwheel.app import create_app

    await ensure_owner(database)
    behind = create_app(dataclasses.replace(settings, trusted_proxies=("10.0.0.2",)), database)
    headers = {"X-Forwarded-Proto": "https", "Host": "shop.example.com"}
    guess = {"email": "a@example.com", "password": "a wrong one"}
    codes = []
    for proxy in ("10.0.0.2", "10.0.0.3"):
        transport = httpx.ASGITransport(behind, client=(proxy, 443))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as reader:
            codes.append((await reader.post("/api/session", json=guess, headers=headers)).json())
    assert [answer["code"] for answer in codes] == ["wrong_password", "needs_tls"]


async def test_the_application_opens_and_closes_its_own_database(
    settings: Settings,
) -> None:
    from cartwheel.app import create_app

    app = create_app(settings)
    async with app.router.lifespan_context(app), browser(app) as reader:
        assert (await reader.get("/readyz")).status_code == 200
