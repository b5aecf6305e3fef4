"""Choices for settings: asked of the shop, or seen in what happened."""

from typing import Any

import httpx
import pytest

from cartwheel.connections.service import ensure_sandbox
from cartwheel.database import Database
from tests.connections.conftest import Provider, post, provider, settings
from tests.connections.test_connections_api import created, shop

__all__ = ["post", "provider", "settings"]  # fixtures
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TAGS = "/api/choices/tags"


async def offered(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.get(TAGS, params={"node_type": "action.add_tags@1", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@on_sqlite
async def test_a_connected_shop_is_asked_for_its_tags_while_somebody_types(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    made = await created(client, shop(provider, is_default=True))
    provider.body = b'[{"name": "VIP"}, {"name": "wholesale"}, {"name": "old VIP"}]'
    assert (await offered(client))["items"] == ["VIP", "wholesale", "old VIP"]
    assert (await offered(client, connection=made["id"], search="vi"))["items"] == [
        "VIP",
        "old VIP",
    ]
    assert b"GET /wp-json/wc/v3/products/tags?per_page=100" in provider.stub.requests[-1]


@on_sqlite
async def test_a_shop_that_refuses_leaves_the_form_open_and_says_why(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    await created(client, shop(provider, is_default=True))
    provider.status, provider.body = 401, b'{"code": "woocommerce_rest_cannot_view"}'
    found = await offered(client)
    assert found["items"] == []
    assert found["problem"].startswith("The shop did not accept the keys")


@on_sqlite
async def test_without_a_shop_the_tags_of_what_happened_are_offered(
    client: httpx.AsyncClient, database: Database
) -> None:
    await ensure_sandbox(database, 1)
    order = {"order": {"id": "1", "tags": ["gift", "VIP"]}, "customer": {"tags": ["gift"]}}
    await client.post("/api/events", json={"type": "order_created", "data": order})
    assert (await offered(client)) == {"items": ["gift", "VIP"], "problem": None}


@on_sqlite
async def test_nothing_is_offered_where_nobody_knows_better(client: httpx.AsyncClient) -> None:
    assert (await offered(client, connection="nobody")) == {"items": [], "problem": None}
    unknown = await client.get(TAGS, params={"node_type": "action.gone@9"})
    assert unknown.status_code == 404
