"""Bodies at the door: how large, of which type, and whole."""

from collections.abc import AsyncIterator

import httpx
import pytest

# What is said to a browser does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024


async def test_an_announced_body_that_is_too_large_is_refused_before_it_is_read(
    token_client: httpx.AsyncClient,
) -> None:
    answer = await token_client.post("/api/tokens", content=b" " * (MIB + 1), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_that_grows_too_large_is_refused_while_it_is_read(
    token_client: httpx.AsyncClient,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * MIB:
            sent += 65_536
            yield b" " * 65_536

    answer = await token_client.post("/api/tokens", content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert sent <= 2 * MIB


@pytest.mark.parametrize(
    "declared",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/xml",
        "",
    ],
)
async def test_only_what_is_declared_as_json_is_read(
    token_client: httpx.AsyncClient, declared: str
) -> None:
    headers = {"Content-Type": declared} if declared else {}
    answer = await token_client.post("/api/tokens", content=b'{"name": "x"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_charset_that_says_utf8_is_welcome(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    answer = await client.post("/api/tokens", content=b'{"name": "x"}', headers=headers)
    assert answer.status_code == 201


async def test_a_missing_body_is_said_to_be_missing(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/tokens")
    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {"in": "body", "pointer": "", "message": "A JSON body is required."}
    ]


@pytest.mark.parametrize("body", [b'{"name": "x\\u0000"}', b'{"name": NaN}', b"[" * 100_000])
async def test_bad_json_is_refused_with_a_sentence(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/api/tokens", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


async def test_a_stranger_is_refused_before_the_body_is_looked_at(
    anonymous: httpx.AsyncClient,
) -> None:
    answer = await anonymous.post("/api/tokens", content=b"[" * 100_000, headers=JSON)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "since", ["0.5", "1763802000", "2026-11-22", "2026-11-22T09:30:00", "soon"]
)
async def test_a_time_is_rfc_3339_with_its_offset(client: httpx.AsyncClient, since: str) -> None:
    answer = await client.get("/api/runs", params={"since": since})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["pointer"] == "/since"


@pytest.mark.parametrize("since", ["2026-11-22T09:30:00Z", "2026-11-22T10:30:00.5+01:00"])
async def test_a_time_may_be_told_from_anywhere(client: httpx.AsyncClient, since: str) -> None:
    assert (await client.get("/api/runs", params={"since": since})).status_code == 200


async def test_a_number_too_large_to_be_stored_whole_is_kept_as_a_float(
    client: httpx.AsyncClient,
) -> None:
    step = b'{"id": "s", "type": "flow.delay@1", "config": {"amount": %s}}' % (b"9" * 21)
    body = b'{"name": "x", "graph": {"schema": 1, "edges": [], "nodes": [%s]}}' % step
    made = await client.post("/api/workflows", content=body, headers=JSON)
    assert made.status_code == 201, made.text
    assert made.json()["graph"]["nodes"][0]["config"] == {"amount": 1e21}
