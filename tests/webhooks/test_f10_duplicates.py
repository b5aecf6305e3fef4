"""TRUST.md F10, T8: one delivery happens once, however often and however close it comes."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import orjson
import pytest

from cartwheel.connections.vault import Vault
from cartwheel.database import Database
from tests.webhooks.conftest import Stored
from tests.webhooks.senders import ORDER, WOO_ORDER, Sender, connect

Stores = Callable[[], Awaitable[list[Stored]]]


async def test_twenty_at_once_are_one_event(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    headers = sender.headers(body, id="same-id")
    answers = await asyncio.gather(
        *(anonymous.post(sender.path, content=body, headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    assert len(await stored()) == 1


async def test_the_same_id_with_another_body_is_kept_and_never_run(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    first, other = sender.body(), sender.body().replace(b'":"', b'":"x', 1)
    if sender.source == "shopify":
        other = orjson.dumps({**ORDER, "name": "#1"})
    if sender.source == "woocommerce":
        other = orjson.dumps({**WOO_ORDER, "number": "1"})
    for body in (first, other, other):
        headers = sender.headers(body, id="same-id")
        answer = await anonymous.post(sender.path, content=body, headers=headers)
        assert answer.status_code == 200
    assert answer.json()["duplicate"] is True
    [kept, flagged] = await stored()
    assert (answer.json()["id"], flagged.duplicate_of) == (kept.id, kept.id)
    assert (kept.routed_at, flagged.raw) == (None, other)
    assert flagged.routed_at is not None


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
async def test_a_captured_body_under_a_new_unsigned_id_is_the_same_event(
    anonymous: httpx.AsyncClient, kind: str, database: Database, vault: Vault, workspace: object,
    stored: Stores,
) -> None:  # fmt: skip
    sender = await connect(database, vault, kind)
    body = sender.body()
    ids = set()
    for number in ("first", "second"):
        headers = sender.headers(body, id=number)
        answer = await anonymous.post(sender.path, content=body, headers=headers)
        ids.add(answer.json()["id"])
    assert (len(ids), len(await stored())) == (1, 1)


async def test_the_same_bytes_under_another_topic_that_fits_are_another_event(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores
) -> None:
    body = shopify.body()
    for topic in ("orders/create", "orders/paid"):
        await anonymous.post(shopify.path, content=body, headers=shopify.headers(body, topic=topic))
    assert {event.type for event in await stored()} == {"order_created", "order_paid"}


async def test_two_shops_may_use_the_same_id(
    anonymous: httpx.AsyncClient, shopify: Sender, database: Database, vault: Vault, stored: Stores
) -> None:
    other = await connect(database, vault, "shopify")
    body = shopify.body()
    for sender in (shopify, other):
        headers = sender.headers(body, id="same-id")
        await anonymous.post(sender.path, content=body, headers=headers)
    assert len(await stored()) == 2


async def test_an_order_that_is_told_of_often_is_paid_once(
    anonymous: httpx.AsyncClient, woocommerce: Sender, stored: Stores
) -> None:
    for second, status in (("13", "pending"), ("14", "processing"), ("15", "completed")):
        order = {**WOO_ORDER, "status": status, "date_modified_gmt": f"2026-11-20T17:04:{second}"}
        body = orjson.dumps(order)
        headers = woocommerce.headers(body, topic="order.updated")
        answer = await anonymous.post(woocommerce.path, content=body, headers=headers)
        assert answer.json()["duplicate"] is False
    kinds = sorted(event.type for event in await stored())
    assert kinds == ["order_paid", "order_updated", "order_updated", "order_updated"]


async def test_an_order_to_be_paid_on_delivery_is_not_paid_yet(
    anonymous: httpx.AsyncClient, woocommerce: Sender, stored: Stores
) -> None:
    body = orjson.dumps({**WOO_ORDER, "status": "processing", "payment_method": "cod"})
    await anonymous.post(woocommerce.path, content=body, headers=woocommerce.headers(body))
    assert [event.type for event in await stored()] == ["order_created"]
