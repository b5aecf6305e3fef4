"""One moment in the demo shop after another. Pure: the same shop at the same moment does the same.

That is what makes it safe to run in several processes, and after a crash: whoever plays a moment a
second time tells the same things under the same ids, and the book takes them once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Self

from cartwheel.demo.orders import (
    FIRST_ORDER,
    Order,
    cart_event,
    contents,
    customer_payload,
    order_payload,
    shipment_event,
)
from cartwheel.demo.people import Person, person
from cartwheel.node_sdk import Json

REGULARS = 60
FEWEST_REGULARS = 4
MOST_OPEN = 40
NEW_SHARE = 0.4
CARD_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Regular:
    """Somebody who bought before; `spent` is in hundredths."""

    person: int
    orders: int
    spent: int


@dataclass(frozen=True, slots=True)
class Shop:
    """All that the shop remembers; small, whatever happened."""

    seed: str
    moment: int = 0
    next_order: int = FIRST_ORDER
    next_person: int = 1
    regulars: tuple[Regular, ...] = ()
    unpaid: tuple[Order, ...] = ()
    unsent: tuple[Order, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, Json]) -> Self:
        """The shop as `asdict` wrote it down."""
        return cls(
            **{
                **kept,
                "regulars": tuple(Regular(**each) for each in kept["regulars"]),
                "unpaid": tuple(Order(**each) for each in kept["unpaid"]),
                "unsent": tuple(Order(**each) for each in kept["unsent"]),
            }
        )

    def kept(self) -> dict[str, Json]:
        """The shop as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened: Shopify's `topic` and body, or a first-party `type` and data."""

    body: Mapping[str, Json]
    topic: str | None = None
    type: str | None = None


def play(shop: Shop, at: int, currency: str) -> tuple[Shop, list[Told]]:
    """What happens at this moment (milliseconds), and the shop after it."""
    chance = Random(f"{shop.seed}/moment/{shop.moment}")  # noqa: S311  (a play, no secret)
    after = replace(shop, moment=shop.moment + 1)
    acts = [(_order, 50), (_cart, 12)]
    if shop.unpaid:
        acts.append((_pay, 12))
    if len(shop.unsent) > 2:
        acts.append((_send, 26))
    act = _order if shop.moment == 0 else chance.choices(*zip(*acts, strict=True))[0]
    return act(after, chance, at, currency)


def _order(shop: Shop, chance: Random, at: int, currency: str) -> tuple[Shop, list[Told]]:
    told: list[Told] = []
    if len(shop.regulars) < FEWEST_REGULARS or chance.random() < NEW_SHARE:
        buyer, known = person(shop.seed, shop.next_person), Regular(shop.next_person, 0, 0)
        shop = replace(shop, next_person=shop.next_person + 1)
        told.append(Told(customer_payload(buyer, 0, 0, at, currency), "customers/create"))
    else:
        known = chance.choice(shop.regulars)
        buyer = person(shop.seed, known.person)
    first = shop.next_order == FIRST_ORDER
    by_card = first or chance.random() < CARD_SHARE
    order = Order(shop.next_order, buyer.number, known.orders + 1, 0, at, by_card)
    spent = known.spent + int(contents(order, shop.seed)[1].total * 100)
    order = replace(order, spent=spent)
    body = order_payload(order, buyer, shop.seed, currency, paid=by_card)
    told += [Told(body, "orders/create"), *([Told(body, "orders/paid")] if by_card else [])]
    shop = replace(
        shop,
        next_order=shop.next_order + 1,
        regulars=_remember(shop.regulars, Regular(buyer.number, order.orders, spent)),
    )
    if by_card:
        return replace(shop, unsent=(*shop.unsent, order)[-MOST_OPEN:]), told
    return replace(shop, unpaid=(*shop.unpaid, order)[-MOST_OPEN:]), told


def _pay(shop: Shop, chance: Random, at: int, currency: str) -> tuple[Shop, list[Told]]:  # noqa: ARG001
    order, *rest = shop.unpaid
    buyer = person(shop.seed, order.person)
    body = order_payload(order, buyer, shop.seed, currency, paid=True)
    after = replace(shop, unpaid=tuple(rest), unsent=(*shop.unsent, order)[-MOST_OPEN:])
    return after, [Told(body, "orders/paid")]


def _send(shop: Shop, chance: Random, at: int, currency: str) -> tuple[Shop, list[Told]]:  # noqa: ARG001
    order, *rest = shop.unsent
    buyer = person(shop.seed, order.person)
    body = order_payload(order, buyer, shop.seed, currency, paid=True, sent=True)
    parcel = shipment_event(order, buyer, shop.seed)
    told = [Told(body, "orders/fulfilled"), Told(parcel, type="shipment_sent")]
    return replace(shop, unsent=tuple(rest)), told


def _cart(shop: Shop, chance: Random, at: int, currency: str) -> tuple[Shop, list[Told]]:  # noqa: ARG001
    buyer = _passer_by(shop, chance)
    return shop, [Told(cart_event(shop.moment, buyer, shop.seed, currency), type="cart_abandoned")]


def _passer_by(shop: Shop, chance: Random) -> Person:
    known = [each.person for each in shop.regulars]
    return person(shop.seed, chance.choice(known) if known else shop.next_person)


def _remember(regulars: Iterable[Regular], seen: Regular) -> tuple[Regular, ...]:
    """The latest buyers, this one last."""
    others = [each for each in regulars if each.person != seen.person]
    return (*others, seen)[-REGULARS:]
