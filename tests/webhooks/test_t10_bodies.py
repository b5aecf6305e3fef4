"""TRUST.md T10: what is not JSON gets a sentence, through both faces, and nothing is stored."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI
from starlette.types import Message

from tests.webhooks.conftest import Stored
from tests.webhooks.senders import Sender

Stores = Callable[[], Awaitable[list[Stored]]]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REFUSED = {
    "nothing": b"",
    "a space": b" ",
    "cut off": b'{"type": "a", "data": {"order": {"id": ',
    "cut off in a text": b'{"type": "a", "data": {"note": "abc',
    "cut off in a character": '{"note": "ż'.encode()[:-1],
    "NaN": b'{"total": NaN}',
    "Infinity": b'{"total": Infinity}',
    "-Infinity": b'{"total": -Infinity}',
    "a number too large": b'{"total": 1e400}',
    "NUL": b'{"note": "a\\u0000b"}',
    "NUL in a key": b'{"a\\u0000b": 1}',
    "a raw NUL": b'{"note": "a\x00b"}',
    "half a surrogate pair": b'{"note": "\\ud800"}',
    "the other half": b'{"note": "\\udc00"}',
    "surrogates the wrong way round": b'{"note": "\\udc00\\ud800"}',
    "Latin-1": '{"note": "ü"}'.encode("latin-1"),
    "overlong UTF-8": b'{"note": "\xc0\xaf"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "65 levels": b'{"a":' * 65 + b"1" + b"}" * 65,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 levels of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 open brackets": b"[" * 100_000,
    "a comma too many": b'{"a": 1,}',
    "a comma in a list": b"[1,]",
    "no comma": b'{"a": 1 "b": 2}',
    "single quotes": b"{'a': 1}",
    "bare key": b"{a: 1}",
    "comment": b'{"a": 1} // note',
    "two values": b"{} {}",
    "leading zero": b'{"a": 012}',
    "leading plus": b'{"a": +1}',
    "hexadecimal": b'{"a": 0x10}',
    "lonely minus": b'{"a": -}',
    "trailing point": b'{"a": 1.}',
    "unknown escape": b'{"a": "\\x41"}',
    "a line break in a text": b'{"a": "1\n2"}',
    "a tab in a text": b'{"a": "1\t2"}',
    "True": b'{"a": True}',
    "undefined": b'{"a": undefined}',
    "a form": b"type=a&data=b",
    "XML": b"<order/>",
}
TAKEN = {
    "64 levels": b'{"a":' * 63 + b"{}" + b"}" * 63,
    "an escaped backslash before u0000": b'{"note": "\\\\u0000"}',
    "an emoji": '{"note": "🧡"}'.encode(),
    "an emoji, escaped": b'{"note": "\\ud83e\\udde1"}',
    "DEL and friends": '{"note": "\x7f\u2028\u202e"}'.encode(),
    "many digits": b'{"id": 123456789012345678901234567890, "price": 0.10000000000000000001}',
    "small": b'{"total": 1e-400}',
    "a list": b"[1, 2]",
    "a text": b'"hello"',
    "null": b"null",
    "white space": b' \n\t{ "a" : 1 } ',
}


@on_sqlite
@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_a_signed_body_that_is_not_json_is_refused_with_a_sentence(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores, body: bytes
) -> None:
    headers = shopify.headers(body, topic="stargates/opened")
    answer = await anonymous.post(shopify.path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")
    assert answer.json()["detail"].endswith(".")
    assert await stored() == []


@on_sqlite
@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_a_reported_event_that_is_not_json_is_refused_with_a_sentence(
    token_client: httpx.AsyncClient, stored: Stores, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await token_client.post("/api/events", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")
    assert await stored() == []


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN.keys())
async def test_strange_json_is_json_on_both_databases(
    anonymous: httpx.AsyncClient,
    token_client: httpx.AsyncClient,
    shopify: Sender,
    stored: Stores,
    body: bytes,
) -> None:
    headers = shopify.headers(body, topic="stargates/opened")
    answer = await anonymous.post(shopify.path, content=body, headers=headers)
    assert answer.status_code == 200
    reported = b'{"type": "strange", "data": {"here": %s}}' % body
    if body != TAKEN["64 levels"]:
        answer = await token_client.post(
            "/api/events", content=reported, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 202
    assert all(isinstance(orjson.loads(event.data), dict) for event in await stored())


@on_sqlite
async def test_a_shop_may_repeat_a_key_and_a_program_of_ours_may_not(
    anonymous: httpx.AsyncClient, token_client: httpx.AsyncClient, shopify: Sender
) -> None:
    body = b'{"a": 1, "a": 2}'
    headers = shopify.headers(body, topic="stargates/opened")
    assert (await anonymous.post(shopify.path, content=body, headers=headers)).status_code == 200
    reported = b'{"type": "a", "data": {}, "data": {}}'
    answer = await token_client.post(
        "/api/events", content=reported, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


@on_sqlite
async def test_six_megabytes_are_refused_however_well_signed(
    anonymous: httpx.AsyncClient, token_client: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = b'{"note": "' + b"x" * 6 * 1024 * 1024 + b'"}'
    answer = await anonymous.post(sender.path, content=body, headers=sender.headers(body))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = await token_client.post(
        "/api/events", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert await stored() == []


@on_sqlite
@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_breaks_off_stores_nothing(
    app: FastAPI, shopify: Sender, stored: Stores, announced: bool
) -> None:
    body = shopify.body()
    messages: list[Message] = [
        {"type": "http.request", "body": body[:40], "more_body": True},
        {"type": "http.disconnect"},
    ]
    lines = shopify.headers(body) | ({"Content-Length": str(len(body))} if announced else {})
    scope = {
        "type": "http", "method": "POST", "path": shopify.path, "raw_path": b"", "scheme": "https",
        "query_string": b"", "http_version": "1.1", "client": ("203.0.113.7", 1),
        "server": ("localhost", 443),
        "headers": [(name.lower().encode(), value.encode()) for name, value in lines.items()],
    }  # fmt: skip
    answers: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        answers.append(message)

    await app(scope, receive, send)
    assert answers[0]["status"] == 400
    assert await stored() == []


@on_sqlite
async def test_while_the_database_is_locked_nothing_is_promised_and_nothing_lost(
    anonymous: httpx.AsyncClient,
    token_client: httpx.AsyncClient,
    shopify: Sender,
    stored: Stores,
    tmp_path: Path,
) -> None:
    body = shopify.body()
    headers = shopify.headers(body)
    await anonymous.get(shopify.path)  # the shop's address is known before the lock
    lock = sqlite3.connect(tmp_path / "cartwheel.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    refused = await anonymous.post(shopify.path, content=body, headers=headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    lock.execute("ROLLBACK")
    lock.close()
    assert await stored() == []
    again = await anonymous.post(shopify.path, content=body, headers=headers)
    assert (again.status_code, again.json()["duplicate"]) == (200, False)
    assert len(await stored()) == 1
