"""What people decide about the demo shop: opening it and closing it."""

import os
from dataclasses import replace

from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.demo import store
from cartwheel.demo.happening import day_of
from cartwheel.demo.play import Shop
from cartwheel.demo.schemas import DemoShopState
from cartwheel.demo.store import USUAL_PACE, OpenShop


async def shop_state(database: Database, workspace_id: int) -> DemoShopState:
    """Whether the workspace's demo shop is open."""
    return _state(await store.find_shop(database, workspace_id))


async def change_shop(
    database: Database, workspace_id: int, *, on: bool, per_minute: int | None = None
) -> DemoShopState:
    """Open or close the demo shop. Open, it goes on until it is closed, through restarts."""
    found = await store.find_shop(database, workspace_id)
    now = now_ms()
    if found is None:
        seed = os.urandom(6).hex()
        kept = Shop(seed).kept()
        found = OpenShop(workspace_id, False, USUAL_PACE, now, 0, kept, "", 0, now)
    opening = on and not found.is_open
    changed = replace(
        found,
        is_open=on,
        per_minute=per_minute or found.per_minute,
        next_at=now if opening or per_minute else found.next_at,
        opened_at=now if opening else found.opened_at,
    )
    await database.run(store.keep_shop(changed))
    return _state(changed)


def _state(shop: OpenShop | None) -> DemoShopState:
    if shop is None:
        return DemoShopState(on=False, per_minute=USUAL_PACE, told_today=0)
    told = shop.told if shop.told_on == day_of(now_ms()) else 0
    return DemoShopState(on=shop.is_open, per_minute=shop.per_minute, told_today=told)
