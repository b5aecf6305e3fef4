"""What happens next in the demo shops that are open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import orjson

from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.senders import sender_of
from cartwheel.clock import from_ms, new_id, now_ms, to_ms
from cartwheel.database import Database
from cartwheel.demo import store
from cartwheel.demo.orders import SHOP
from cartwheel.demo.play import Shop, Told, play
from cartwheel.demo.store import MOST_A_DAY, USUAL_PACE, OpenShop
from cartwheel.events.news import short_hash
from cartwheel.events.store import Arrival, NewEvent, store_arrivals
from cartwheel.node_sdk import Delivery, Happening

SOURCE = "demo"
TELLER = "shopify"
"""The app in whose words the shop speaks; its normalising makes our events of them."""
RUSH_MS = 5 * 60_000
RUSH_GAP_MS = 2_500
LATE_MS = 60_000


async def go_on(database: Database) -> int:
    """Let happen what is due in every open demo shop; returns how many events were stored.

    Events first, then the shop: after a crash between the two the same events are told again,
    under the same ids, and are known. Of two processes that try at once, one moves the shop.
    """
    return sum([await _next(database, shop) for shop in await store.shops_due(database, now_ms())])


async def _next(database: Database, shop: OpenShop) -> int:
    now = now_ms()
    today = day_of(now)
    told_today = shop.told if shop.told_on == today else 0
    if told_today >= MOST_A_DAY:
        await _move_on(database, shop, replace(shop, next_at=_tomorrow(now)))
        return 0
    if now - shop.next_at > LATE_MS:
        # Nobody worked for a while. Nothing is made up for, and what happens now is dated now.
        await _move_on(database, shop, replace(shop, next_at=now))
        return 0
    after, told = play(Shop.read(shop.kept), shop.next_at, shop.currency)
    arrivals = [Arrival(event) for event in _events(shop, told)]
    answers = await database.run(store_arrivals(arrivals))
    next_at = max(now, shop.next_at) + _pause_ms(shop)
    moved = replace(shop, next_at=next_at, moment=shop.moment + 1, kept=after.kept())
    await _move_on(database, shop, replace(moved, told_on=today, told=told_today + len(told)))
    return sum(not each.duplicate for each in answers)


async def _move_on(database: Database, before: OpenShop, after: OpenShop) -> None:
    await database.run(store.move_shop(after, before.moment))


def _pause_ms(shop: OpenShop) -> int:
    """A rush at the opening, because somebody is watching then; later the chosen pace, unevenly.
    Who wants it quieter than usual gets no rush."""
    usual = 60_000 / shop.per_minute
    is_rush = shop.next_at - shop.opened_at < RUSH_MS and shop.per_minute >= USUAL_PACE
    if is_rush:
        return int(min(RUSH_GAP_MS, usual))
    chance = Random(f"{shop.kept['seed']}/pause/{shop.moment}")  # noqa: S311
    return int(usual * chance.uniform(0.5, 1.5))


def _events(shop: OpenShop, told: Sequence[Told]) -> list[NewEvent]:
    """What happened as events. Their ids rise, so that lists keep the order."""
    ids = sorted(new_id() for _ in told)
    return [_event(shop, each, place, ids[place]) for place, each in enumerate(told)]


def _event(shop: OpenShop, told: Told, place: int, event_id: str) -> NewEvent:
    body = orjson.dumps(told.body)
    external_id = f"{shop.kept['seed']}-{shop.moment}-{place}"
    happening = _happening(shop, told, body, external_id)
    return NewEvent(
        workspace_id=shop.workspace_id,
        id=event_id,
        type=happening.type or happening.topic,
        source=SOURCE,
        external_id=external_id,
        body_hash=short_hash(body),
        label=happening.label,
        contact=happening.contact,
        data=orjson.dumps(happening.data).decode(),
        raw=body,
        received_at=now_ms(),
    )


def _happening(shop: OpenShop, told: Told, body: bytes, external_id: str) -> Happening:
    """The words of a shop through the shop's own normalising; first-party events as they are."""
    if told.topic is None:
        customer = told.body["customer"]
        return Happening(
            topic=told.type or "",
            data=told.body,
            external_id=external_id,
            type=told.type,
            label=customer["name"],
            contact=customer["email"],
        )
    headers = {"x-shopify-topic": told.topic, "x-shopify-webhook-id": external_id}
    delivery = Delivery(headers, body, {"shop": SHOP}, from_ms(shop.next_at))
    return sender_of(load_registry().apps[TELLER]).happenings(delivery, orjson.loads(body))[0]


def day_of(milliseconds: int) -> str:
    return from_ms(milliseconds).date().isoformat()


def _tomorrow(milliseconds: int) -> int:
    day = from_ms(milliseconds).date() + timedelta(days=1)
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=UTC))
