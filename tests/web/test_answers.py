"""What stands on every answer, and what is said when something is wrong."""

import gzip
import logging

import httpx
import pytest
from fastapi import FastAPI

from cartwheel.errors import Busy
from cartwheel.web.headers import CONTENT_SECURITY_POLICY
from tests.conftest import browser

# What is said to a browser does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVERYWHERE = ["/", "/workflows/1", "/healthz", "/api/session", "/api/docs", "/hooks/x/y", "/nope/"]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_the_security_headers_stand_on_every_answer(
    anonymous: httpx.AsyncClient, path: str
) -> None:
    headers = (await anonymous.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" in headers
    assert "cache-control" in headers


async def test_t6_a_page_runs_our_own_scripts_only_and_stands_in_nobodys_frame(
    anonymous: httpx.AsyncClient,
) -> None:
    told = (await anonymous.get("/")).headers["content-security-policy"]
    parts = [part.split() for part in told.split(";")]
    policy = {name: allowed for name, *allowed in parts}
    for name in ("default-src", "script-src"):
        assert policy[name] == ["'self'"]
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"]
    assert policy.keys() & {"script-src-elem", "script-src-attr", "connect-src"} == set()


async def test_plain_http_does_not_ask_for_https_for_ever(app: FastAPI) -> None:
    plain = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")
    assert "strict-transport-security" not in (await plain.get("/healthz")).headers


async def test_answers_of_the_api_are_kept_by_nobody(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/session")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_an_address_of_the_api_that_does_not_exist_is_a_problem_document(
    client: httpx.AsyncClient, method: str
) -> None:
    answer = await client.request(method, "/api/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


async def test_a_wrong_method_is_told_all_the_right_ones(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/session")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, POST"


async def test_our_own_bug_gives_a_number_and_no_trace(
    app: FastAPI, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("the secret inside")

    with caplog.at_level(logging.ERROR):
        answer = await client.get("/api/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert answer.json()["incident"] in caplog.text
    assert "the secret inside" in caplog.text


async def test_a_busy_database_is_a_503_that_says_when_to_come_back(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    @app.get("/api/locked")
    async def locked() -> None:
        raise Busy("The database is busy just now.", retry_after_seconds=7)

    answer = await client.get("/api/locked")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")


@pytest.mark.parametrize("path", ["/%00", "/api/tokens?cursor=%00", "/hooks/shopify/a%00b"])
async def test_a_nul_in_the_address_is_refused(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_address")


async def test_a_parameter_given_twice_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/tokens?limit=5&limit=6")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_address")
    assert "'limit'" in answer.json()["detail"]


async def test_every_fault_of_a_request_is_told_in_plain_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/runs?status=gone&limit=0&since=yesterday")
    assert {each["pointer"]: each["message"] for each in answer.json()["problems"]} == {
        "/status": "This must be one of these: queued, running, waiting, paused, succeeded, "
        "failed, cancelled, quarantined.",
        "/limit": "This must be 1 or more.",
        "/since": "This must be a time such as 2026-11-22T09:30:00Z.",
    }
    answer = await client.post("/api/workflows", json={"name": " "})
    assert answer.json()["detail"] == "In body /name: This must not be empty."
    long = await client.post("/api/workflows", json={"name": "x" * 121})
    assert long.json()["detail"] == "In body /name: This must have 120 characters or fewer."


async def test_a_compressed_body_is_told_what_it_is(client: httpx.AsyncClient) -> None:
    lines = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await client.post("/api/workflows", content=gzip.compress(b"{}"), headers=lines)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")
    assert "not compressed" in answer.json()["detail"]


async def test_a_head_request_is_let_in_where_a_get_is(app: FastAPI) -> None:
    async with browser(app) as stranger:
        assert (await stranger.head("/")).status_code == (await stranger.get("/")).status_code
