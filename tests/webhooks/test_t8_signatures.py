"""TRUST.md T8: only the sender is heard, and what was heard once is not heard again."""

from collections.abc import Awaitable, Callable, Iterator

import httpx
import orjson
import pytest

from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.senders import sender_of
from cartwheel.clock import now_ms
from cartwheel.connections.vault import Vault
from cartwheel.database import Database
from tests.webhooks.conftest import Stored
from tests.webhooks.senders import (
    ORDER,
    SHOP,
    STANDARD_SECRET,
    Sender,
    connect,
)

Stores = Callable[[], Awaitable[list[Stored]]]
# Who may enter is decided by the same statements on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_signed_delivery_is_stored_with_its_bytes(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    answer = await anonymous.post(sender.path, content=body, headers=sender.headers(body))
    assert (answer.status_code, answer.json()["duplicate"]) == (200, False)
    [event] = await stored()
    assert (event.id, event.raw, event.routed_at) == (answer.json()["id"], body, None)


@pytest.mark.parametrize("at", ["current", "former"])
async def test_both_secrets_count_while_one_is_being_changed(
    anonymous: httpx.AsyncClient, database: Database, vault: Vault, workspace: object, at: str
) -> None:
    secrets = {"current": "shpss_new_0123456", "former": "shpss_old_0123456"}
    sender = await connect(
        database, vault, "shopify", secret=secrets["current"],
        former=(secrets["former"], now_ms() + 60_000),
    )  # fmt: skip
    body = sender.body()
    headers = sender.headers(body, secret=secrets[at])
    assert (await anonymous.post(sender.path, content=body, headers=headers)).status_code == 200


async def test_a_former_secret_ends(
    anonymous: httpx.AsyncClient, database: Database, vault: Vault, workspace: object
) -> None:
    sender = await connect(database, vault, "shopify", former=("shpss_old_0123456", now_ms() - 1))
    body = sender.body()
    headers = sender.headers(body, secret="shpss_old_0123456")
    assert (await anonymous.post(sender.path, content=body, headers=headers)).status_code == 401


async def test_an_unknown_topic_is_kept_under_its_name(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores
) -> None:
    body = b'{"id": 1, "brand_new": true}'
    headers = shopify.headers(body, topic="stargates/opened")
    assert (await anonymous.post(shopify.path, content=body, headers=headers)).status_code == 200
    assert [event.type for event in await stored()] == ["shopify.stargates/opened"]


async def test_the_ping_of_a_saved_woocommerce_webhook_is_greeted(
    anonymous: httpx.AsyncClient, woocommerce: Sender, stored: Stores
) -> None:
    answer = await anonymous.post(woocommerce.path, data={"webhook_id": "3"})
    assert (answer.status_code, await stored()) == (200, [])


async def test_a_ping_to_an_unknown_key_is_refused(
    anonymous: httpx.AsyncClient, woocommerce: Sender
) -> None:
    answer = await anonymous.post("/hooks/woocommerce/nobody", data={"webhook_id": "3"})
    assert answer.status_code == 401


async def test_a_sender_that_looks_first_is_told_that_somebody_is_here(
    anonymous: httpx.AsyncClient, sender: Sender
) -> None:
    assert (await anonymous.get(sender.path)).status_code == 200
    assert (await anonymous.get(f"/hooks/{sender.source}/nobody")).status_code == 401


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (
            "customers/data_request",
            {"shop_id": 954889, "shop_domain": SHOP, "customer": {"id": 1}, "data_request": {}},
        ),
        (
            "customers/redact",
            {"shop_id": 954889, "shop_domain": SHOP, "customer": {}, "orders_to_redact": []},
        ),
        ("shop/redact", {"shop_id": 954889, "shop_domain": SHOP}),
    ],
)
async def test_privacy_topics_are_kept_when_genuine_and_401_when_not(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores, topic: str, body: object
) -> None:
    content = orjson.dumps(body)
    forged = shopify.headers(content, topic=topic, secret="shpss_of_somebody_else")
    assert (await anonymous.post(shopify.path, content=content, headers=forged)).status_code == 401
    headers = shopify.headers(content, topic=topic)
    assert (await anonymous.post(shopify.path, content=content, headers=headers)).status_code == 200
    assert [event.type for event in await stored()] == [f"shopify.{topic}"]


# --- what is refused ---


async def test_every_refusal_is_the_same_answer(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    good = sender.headers(body)
    other = STANDARD_SECRET if sender.source != "standard" else "whsec_" + "QUJD" * 10
    answers = [
        await anonymous.post(path, content=content, headers=headers)
        for path, content, headers in [
            (f"/hooks/{sender.source}/unknown-key", body, good),
            (f"/hooks/nobody/{sender.key}", body, good),
            (sender.path, body, sender.headers(body, secret=other)),
            (sender.path, body + b" ", good),
            (sender.path, b"", good),
            (sender.path, orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2), good),
            (sender.path, body, {}),
        ]
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert await stored() == []


async def test_another_kind_of_senders_address_is_refused(
    anonymous: httpx.AsyncClient, shopify: Sender, woocommerce: Sender
) -> None:
    """Also when it is signed with that address's own secret, in the way of another app that knows
    of no shop here to compare with."""
    body = woocommerce.body()
    path = f"/hooks/woocommerce/{shopify.key}"
    for signed in ({}, {"secret": shopify.secret, "shop": "nowhere"}):
        headers = woocommerce.headers(body, **signed)
        answer = await anonymous.post(path, content=body, headers=headers)
        assert answer.status_code == 401, signed


async def test_each_deciding_header_is_needed(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    for name in _deciding(sender):
        headers = {k: v for k, v in sender.headers(body).items() if k.lower() != name}
        answer = await anonymous.post(sender.path, content=body, headers=headers)
        assert answer.status_code == 401, name
    assert await stored() == []


async def test_a_header_that_stands_twice_is_pointed_out(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    for name in _deciding(sender):
        headers = list(sender.headers(body).items())
        headers += [pair for pair in headers if pair[0].lower() == name]
        answer = await anonymous.post(sender.path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "doubled_header")
        assert name in answer.json()["detail"]
    assert await stored() == []


async def test_one_flipped_bit_of_the_body_is_refused(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    headers = sender.headers(body)
    for place in range(len(body)):
        flipped = bytearray(body)
        flipped[place] ^= 1 << (place % 8)
        answer = await anonymous.post(sender.path, content=bytes(flipped), headers=headers)
        assert answer.status_code == 401, place
    assert await stored() == []


async def test_one_flipped_bit_of_a_deciding_header_is_refused(
    anonymous: httpx.AsyncClient, sender: Sender, stored: Stores
) -> None:
    body = sender.body()
    headers = {name: value.encode() for name, value in sender.headers(body).items()}
    for name, flipped in _flipped(sender, headers):
        lines = [(key.encode(), value) for key, value in {**headers, name: flipped}.items()]
        answer = await anonymous.post(sender.path, content=body, headers=lines)
        assert answer.status_code == 401, (name, flipped)
    assert await stored() == []


def _deciding(sender: Sender) -> tuple[str, ...]:
    return sender_of(load_registry().apps[sender.source]).headers


def _flipped(sender: Sender, headers: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every single bit of the headers that decide. Ids of deliveries that their sender does not
    sign are left out: a changed one is a replay, for which there are tests of their own."""
    unsigned = {"x-shopify-webhook-id", "x-wc-webhook-delivery-id"}
    for name, value in headers.items():
        if name.lower() not in set(_deciding(sender)) - unsigned:
            continue
        for place in range(len(value)):
            for bit in range(8):
                flipped = bytearray(value)
                flipped[place] ^= 1 << bit
                # A shop's address is the same in capitals.
                if name != "X-WC-Webhook-Source" or flipped.lower() != value.lower():
                    yield name, bytes(flipped)


@pytest.mark.parametrize("shop", ["other.myshopify.com", "", f"{SHOP}.evil.example"])
async def test_another_shops_delivery_is_refused_though_the_secret_is_shared(
    anonymous: httpx.AsyncClient, shopify: Sender, shop: str
) -> None:
    body = shopify.body()
    headers = shopify.headers(body, shop=shop)
    assert (await anonymous.post(shopify.path, content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "topic", ["customers/create", "customers/redact", "shop/redact", "orders/edited", "Orders", "/"]
)
async def test_a_signed_order_under_a_topic_that_does_not_fit_is_refused(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores, topic: str
) -> None:
    body = shopify.body()
    headers = shopify.headers(body, topic=topic)
    assert (await anonymous.post(shopify.path, content=body, headers=headers)).status_code == 401
    assert await stored() == []


@pytest.mark.parametrize(
    ("topic", "resource"), [("order.created", "customer"), ("customer.created", "customer")]
)
async def test_woocommerce_headers_that_contradict_each_other_or_the_body_are_refused(
    anonymous: httpx.AsyncClient, woocommerce: Sender, topic: str, resource: str
) -> None:
    body = woocommerce.body()
    headers = woocommerce.headers(body, topic=topic, resource=resource)
    answer = await anonymous.post(woocommerce.path, content=body, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("seconds", [-301, 302])
async def test_a_timestamp_further_than_five_minutes_away_is_refused(
    anonymous: httpx.AsyncClient, standard: Sender, seconds: int
) -> None:
    body = standard.body()
    headers = standard.headers(body, at=str(now_ms() // 1000 + seconds))
    assert (await anonymous.post(standard.path, content=body, headers=headers)).status_code == 401


async def test_our_cookies_signature_is_no_webhooks_signature(
    client: httpx.AsyncClient, shopify: Sender
) -> None:
    body = shopify.body()
    cookie = next(iter(client.cookies.values()))
    headers = shopify.headers(body) | {"X-Shopify-Hmac-Sha256": cookie}
    assert (await client.post(shopify.path, content=body, headers=headers)).status_code == 401


async def test_a_deleted_connections_address_is_refused(
    client: httpx.AsyncClient, shopify: Sender
) -> None:
    body = shopify.body()
    await client.post(shopify.path, content=body, headers=shopify.headers(body))
    assert (await client.delete(f"/api/connections/{shopify.connection_id}")).status_code == 200
    answer = await client.post(shopify.path, content=body, headers=shopify.headers(body))
    assert answer.status_code == 401


async def test_a_megabyte_is_heard(
    anonymous: httpx.AsyncClient, shopify: Sender, stored: Stores
) -> None:
    body = orjson.dumps({**ORDER, "note": "x" * 1024 * 1024})
    headers = shopify.headers(body)
    assert (await anonymous.post(shopify.path, content=body, headers=headers)).status_code == 200
    assert len(await stored()) == 1
