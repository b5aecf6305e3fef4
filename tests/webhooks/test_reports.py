"""`POST /api/events`: programs report what happened."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.webhooks.conftest import Stored
from tests.webhooks.senders import Sender

Stores = Callable[[], Awaitable[list[Stored]]]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_reported_event_is_stored(token_client: httpx.AsyncClient, stored: Stores) -> None:
    data = {"order": {"name": "#1042"}, "customer": {"email": "lena@example.com"}}
    answer = await token_client.post("/api/events", json={"type": "order_created", "data": data})
    assert answer.status_code == 202
    [event] = await stored()
    assert answer.json() == {"id": event.id, "duplicate": False}
    assert (event.type, event.label, event.contact) == (
        "order_created",
        "Order #1042",
        "lena@example.com",
    )


async def test_with_an_id_it_happens_once(token_client: httpx.AsyncClient, stored: Stores) -> None:
    report = {"type": "loyalty.points_earned", "data": {"points": 5}, "id": "p-1"}
    first = (await token_client.post("/api/events", json=report)).json()
    again = (await token_client.post("/api/events", json=report)).json()
    assert again == {"id": first["id"], "duplicate": True}
    assert len(await stored()) == 1


async def test_without_an_id_it_happens_as_often_as_it_is_told(
    token_client: httpx.AsyncClient, stored: Stores
) -> None:
    for _ in range(2):
        await token_client.post("/api/events", json={"type": "tick", "data": {}})
    assert len(await stored()) == 2


async def test_the_same_id_with_other_data_is_flagged(
    token_client: httpx.AsyncClient, stored: Stores
) -> None:
    for points in (5, 6):
        report = {"type": "loyalty.points_earned", "data": {"points": points}, "id": "p-1"}
        answer = await token_client.post("/api/events", json=report)
    assert answer.json()["duplicate"] is True
    [first, flagged] = await stored()
    assert (first.duplicate_of, flagged.duplicate_of) == (None, first.id)


@on_sqlite
@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("lena@example.com", "lena@example.com"),
        ({"email": "lena@example.com", "phone": "+49"}, "lena@example.com"),
        ({"phone": "+49"}, "+49"),
        (None, None),
    ],
)
async def test_a_contact_is_an_address_or_a_number(
    token_client: httpx.AsyncClient, stored: Stores, contact: Any, expected: str | None
) -> None:
    report = {"type": "a", "data": {}, "contact": contact}
    assert (await token_client.post("/api/events", json=report)).status_code == 202
    assert [event.contact for event in await stored()] == [expected]


@on_sqlite
@pytest.mark.parametrize(
    ("report", "pointers"),
    [
        ([], {""}),
        ({}, {"/type", "/data"}),
        ({"type": "", "data": []}, {"/type", "/data"}),
        ({"type": "a b", "data": {}}, {"/type"}),
        ({"type": "x" * 101, "data": {}}, {"/type"}),
        ({"type": "cartwheel.run_failed", "data": {}}, {"/type"}),
        ({"type": "shopify.orders/edited", "data": {}}, {"/type"}),
        ({"type": "manual", "data": {}}, {"/type"}),
        ({"type": "a", "data": {}, "id": ""}, {"/id"}),
        ({"type": "a", "data": {}, "id": 7}, {"/id"}),
        ({"type": "a", "data": {}, "contact": 7}, {"/contact"}),
        ({"type": "a", "data": {}, "contact": {"email": 7}}, {"/contact"}),
        ({"type": "a", "data": {}, "colour": "red", "x/y": 1}, {"/colour", "/x~1y"}),
    ],
)
async def test_every_fault_of_a_report_is_told_at_once(
    token_client: httpx.AsyncClient, stored: Stores, report: Any, pointers: set[str]
) -> None:
    answer = await token_client.post("/api/events", json=report)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {problem["pointer"] for problem in answer.json()["problems"]} == pointers
    assert await stored() == []


@on_sqlite
async def test_a_stranger_reports_nothing(anonymous: httpx.AsyncClient, stored: Stores) -> None:
    answer = await anonymous.post("/api/events", json={"type": "a", "data": {}})
    assert (answer.status_code, await stored()) == (401, [])


@on_sqlite
async def test_a_report_says_that_it_is_json(token_client: httpx.AsyncClient) -> None:
    answer = await token_client.post(
        "/api/events", content=b'{"type": "a", "data": {}}', headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415


@on_sqlite
async def test_a_signed_program_cannot_speak_for_a_shop(
    anonymous: httpx.AsyncClient, standard: Sender, stored: Stores
) -> None:
    body = b'{"type": "shopify.orders/edited", "data": {}}'
    await anonymous.post(standard.path, content=body, headers=standard.headers(body))
    assert [event.type for event in await stored()] == ["standard.event"]
