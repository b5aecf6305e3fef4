"""What happens in the demo shop: believable, adding up, and the same however often it is played."""

import re
from decimal import Decimal
from typing import Any

import pytest

from cartwheel.demo.people import person
from cartwheel.demo.play import REGULARS, Shop, Told, play

AT = 1_795_000_000_000
UNREACHABLE = re.compile(
    r"\+4917139200\d\d|\+44770090\d{4}|\+120255501\d\d|\+3363998\d{4}|\+467017406\d\d|"
    r"\+(48|55|886|81|380)0{4}\d*"
)
"""Ranges kept for films, and numbers that begin with zeros, which nobody has."""


def happen(moments: int, seed: str = "s") -> tuple[Shop, list[Told]]:
    shop, told = Shop(seed), []
    for number in range(moments):
        shop, more = play(Shop.read(shop.kept()), AT + number * 10_000, "EUR")
        told += more
    return shop, told


def bodies(told: list[Told], topic: str) -> list[Any]:
    return [each.body for each in told if each.topic == topic]


def test_the_same_shop_does_the_same_again() -> None:
    assert happen(80) == happen(80)
    assert happen(80) != happen(80, seed="another")


def test_every_order_adds_up() -> None:
    for order in bodies(happen(200)[1], "orders/create"):
        lines = order["line_items"]
        goods = sum(Decimal(line["price"]) * line["quantity"] for line in lines)
        off = sum(Decimal(line["total_discount"]) for line in lines)
        shipping = Decimal(order["total_shipping_price_set"]["shop_money"]["amount"])
        assert off == Decimal(order["total_discounts"])
        assert Decimal(order["subtotal_price"]) == goods - off
        assert Decimal(order["total_price"]) == goods - off + shipping
        assert Decimal(0) < Decimal(order["total_tax"]) < Decimal(order["total_price"])


def test_customers_come_back_and_their_history_grows() -> None:
    spent: dict[int, list[Any]] = {}
    for order in bodies(happen(200)[1], "orders/create"):
        spent.setdefault(order["customer"]["id"], []).append(order)
    histories = [
        [(each["customer"]["orders_count"], each["customer"]["total_spent"]) for each in orders]
        for orders in spent.values()
    ]
    assert any(len(history) > 3 for history in histories)
    for orders, history in zip(spent.values(), histories, strict=True):
        assert [count for count, _ in history] == [*range(1, len(history) + 1)]
        totals = [Decimal(each["total_price"]) for each in orders]
        assert Decimal(history[-1][1]) == sum(totals)


def test_what_is_ordered_is_paid_once_and_then_sent_once() -> None:
    told = happen(300)[1]
    ordered, paid, sent = (
        [body["id"] for body in bodies(told, f"orders/{topic}")]
        for topic in ("create", "paid", "fulfilled")
    )
    assert len(set(ordered)) == len(ordered)
    assert len(set(paid)) == len(paid)
    assert set(paid) <= set(ordered)
    assert len(set(sent)) == len(sent)
    assert set(sent) <= set(paid)
    assert len(sent) > len(ordered) / 2
    kinds = {each.type for each in told}
    assert {"cart_abandoned", "shipment_sent"} <= kinds


def test_the_first_thing_is_a_large_order_of_somebody_who_can_be_written_to() -> None:
    for seed in map(str, range(20)):
        order = bodies(play(Shop(seed), AT, "EUR")[1], "orders/create")[0]
        assert Decimal(order["total_price"]) > 150
        assert order["customer"]["phone"]
        assert order["customer"]["email"]


def test_nobody_real_can_be_reached() -> None:
    for number in range(1, 400):
        buyer = person("s", number)
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.com", buyer.email), buyer.email
        assert buyer.phone is None or UNREACHABLE.fullmatch(buyer.phone), buyer.phone


@pytest.mark.parametrize("moments", [500])
def test_the_shop_remembers_little_however_long_it_is_open(moments: int) -> None:
    shop, _ = happen(moments)
    assert len(shop.regulars) == REGULARS
    assert len(str(shop.kept())) < 20_000
