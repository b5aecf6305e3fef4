"""The checklist: ticked off by what happened, put away by whoever has seen it."""

from typing import Any

import httpx
import pytest

from cartwheel.accounts.first_start import FIRST_WORKSPACE
from cartwheel.clock import new_id, now_ms
from cartwheel.connections.service import ensure_sandbox
from cartwheel.database import Database
from cartwheel.demo import happening
from cartwheel.runs.routing import take

Client = httpx.AsyncClient
pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


async def done(client: Client) -> set[str]:
    items = (await client.get("/api/checklist")).json()["items"]
    return {each["id"] for each in items if each["done"]}


async def test_it_ticks_itself_off(client: Client, database: Database):
    await ensure_sandbox(database, FIRST_WORKSPACE)
    assert await done(client) == set()
    made: Any = (await client.post("/api/templates/thank_big_spenders/use", json={})).json()
    assert await done(client) == {"workflow"}
    await client.post("/api/checklist", json={"tested": True})
    assert await done(client) == {"workflow", "test"}
    await client.post(f"/api/workflows/{made['id']}/activate")
    assert await done(client) == {"workflow", "test", "active"}
    await client.post("/api/demo", json={"on": True})
    await happening.go_on(database)
    await database.run(take(new_id(), now_ms(), 10))
    assert await done(client) == {"workflow", "test", "active", "run"}
    await client.post("/api/connections", json=SHOP)
    assert await done(client) == {"workflow", "test", "active", "run", "shop"}


async def test_it_is_put_away_and_taken_out_again(client: Client):
    away = await client.post("/api/checklist", json={"dismissed": True})
    out = await client.post("/api/checklist", json={"dismissed": False})
    assert (away.json()["dismissed"], out.json()["dismissed"]) == (True, False)


SHOP = {
    "app": "shopify",
    "name": "My shop",
    "settings": {"shop": "jsmith.myshopify.com"},
    "secrets": {"signing_secret": "shpss_of_this_test"},
    "save_anyway": True,
}
