"""What happens in the demo shop, in the very words in which Shopify would tell it.

The payloads go through the same normalising as real ones, so a step cannot tell the difference;
every order says `test: true`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from cartwheel.clock import from_ms
from cartwheel.demo.goods import Line, basket
from cartwheel.demo.people import Person
from cartwheel.node_sdk import Json

SHOP = "demo-shop.myshopify.com"
SITE = "https://demo-shop.example"
FIRST_ORDER = 1001
NOTHING = Decimal("0.00")
FREE_SHIPPING_FROM = Decimal(60)
SHIPPING = Decimal("4.90")
TAX_RATE = Decimal("0.19")
CARRIERS = ("DHL", "DPD", "UPS", "GLS")
NOTES = (
    "Please leave it with the neighbour if nobody opens.",
    "It is a present: no invoice in the parcel, please.",
    "Bitte klingeln, der Hund beißt nicht.",
    "Proszę zadzwonić przed dostawą.",
)


@dataclass(frozen=True, slots=True)
class Order:
    """All that an order follows from: its number, and who had ordered how much by then.

    `at` is when it was placed, in milliseconds; `spent` is in hundredths, this order included.
    """

    number: int
    person: int
    orders: int
    spent: int
    at: int
    by_card: bool

    def chance(self, seed: str) -> Random:
        """The dice of this order: thrown again, they fall the same way."""
        return Random(f"{seed}/order/{self.number}")  # noqa: S311  (a play, no secret)


@dataclass(frozen=True, slots=True)
class Sums:
    """What an order costs; everything adds up."""

    goods: Decimal
    discount: Decimal
    shipping: Decimal

    @property
    def subtotal(self) -> Decimal:
        return self.goods - self.discount

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping

    @property
    def tax(self) -> Decimal:
        """The tax that is in the total."""
        return _cents(self.total * TAX_RATE / (1 + TAX_RATE))


def contents(order: Order, seed: str) -> tuple[tuple[Line, ...], Sums, Random]:
    """The order's lines and sums; the dice, to throw on for the rest of it."""
    chance = order.chance(seed)
    first = order.number == FIRST_ORDER  # Large enough for whoever waits for a large one.
    lines = basket(chance, Decimal(170) if first else NOTHING)
    goods = sum((line.total for line in lines), NOTHING)
    discount = _cents(goods / 10) if chance.random() < 0.15 and not first else NOTHING
    shipping = NOTHING if goods - discount >= FREE_SHIPPING_FROM else SHIPPING
    return lines, Sums(goods, discount, shipping), chance


def order_payload(
    order: Order, buyer: Person, seed: str, currency: str, *, paid: bool, sent: bool = False
) -> dict[str, Json]:
    """An order as Shopify's webhooks tell it."""
    lines, sums, chance = contents(order, seed)
    placed = _time(order.at)
    return {
        "id": 5_870_000_000_000 + order.number,
        "order_number": order.number,
        "name": f"#{order.number}",
        "created_at": placed,
        "updated_at": placed,
        "currency": currency,
        "total_price": str(sums.total),
        "subtotal_price": str(sums.subtotal),
        "total_tax": str(sums.tax),
        "total_discounts": str(sums.discount),
        "total_shipping_price_set": {"shop_money": {"amount": str(sums.shipping)}},
        "financial_status": "paid" if paid else "pending",
        "fulfillment_status": "fulfilled" if sent else None,
        "note": chance.choice(NOTES) if chance.random() < 0.08 else None,
        "tags": "demo",
        "email": buyer.email,
        "phone": buyer.phone,
        "customer_locale": buyer.country.locale,
        "test": True,
        "line_items": _lines(lines, sums, order),
        "shipping_address": _address(buyer),
        "billing_address": _address(buyer),
        "discount_codes": [{"code": "AUTUMN10"}] if sums.discount else [],
        "payment_gateway_names": ["card" if order.by_card else "bank transfer"],
        "shipping_lines": [{"title": chance.choice(CARRIERS)}],
        "order_status_url": f"{SITE}/orders/{order.number}",
        "customer": customer_payload(buyer, order.orders, order.spent, order.at, currency),
    }


def customer_payload(
    buyer: Person, orders: int, spent: int, at: int, currency: str
) -> dict[str, Json]:
    """A customer as Shopify's webhooks tell them."""
    return {
        "id": 31_000_000_000 + buyer.number,
        "email": buyer.email,
        "phone": buyer.phone,
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "orders_count": orders,
        "total_spent": str(_cents(Decimal(spent) / 100)),
        "currency": currency,
        "tags": "demo",
        "accepts_marketing": buyer.likes_news,
        "locale": buyer.country.locale,
        "created_at": _time(at),
        "updated_at": _time(at),
        "default_address": _address(buyer),
        "note": None,
    }


def cart_event(number: int, buyer: Person, seed: str, currency: str) -> dict[str, Json]:
    """A cart that somebody left, as the first-party event `cart_abandoned`."""
    lines = basket(Random(f"{seed}/cart/{number}"))  # noqa: S311
    items = [
        {"title": each.product.title, "quantity": each.quantity, "price": str(each.product.price)}
        for each in lines
    ]
    total = sum((line.total for line in lines), NOTHING)
    cart = {
        "id": f"c-{number}",
        "total": str(total),
        "currency": currency,
        "url": f"{SITE}/cart/c-{number}",
        "items": items,
    }
    return {"cart": cart, "customer": _short(buyer)}


def shipment_event(order: Order, buyer: Person, seed: str) -> dict[str, Json]:
    """A parcel that was handed over, as the first-party event `shipment_sent`."""
    chance = Random(f"{seed}/parcel/{order.number}")  # noqa: S311
    tracking = f"JD{chance.randrange(10**12):012}"
    shipment = {
        "id": f"s-{order.number}",
        "order_name": f"#{order.number}",
        "carrier": chance.choice(CARRIERS),
        "tracking_number": tracking,
        "tracking_url": f"{SITE}/track/{tracking}",
    }
    return {
        "shipment": shipment,
        "order": {"name": f"#{order.number}"},
        "customer": _short(buyer),
    }


def _short(buyer: Person) -> dict[str, Json]:
    return {
        "id": str(31_000_000_000 + buyer.number),
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "name": f"{buyer.first_name} {buyer.last_name}",
        "email": buyer.email,
        "phone": buyer.phone,
        "locale": buyer.country.locale,
    }


def _lines(lines: Sequence[Line], sums: Sums, order: Order) -> list[Mapping[str, Json]]:
    """The lines, the discount shared among them to the cent."""
    shares = [_cents(sums.discount * line.total / sums.goods) for line in lines]
    shares[-1] += sums.discount - sum(shares)
    return [
        {
            "id": 90_000_000_000 + order.number * 10 + place,
            "product_id": line.product.number,
            "variant_id": line.product.number * 10,
            "sku": line.product.sku,
            "title": line.product.title,
            "variant_title": line.product.variant,
            "quantity": line.quantity,
            "price": str(line.product.price),
            "total_discount": str(share),
            "vendor": line.product.vendor,
            "requires_shipping": True,
        }
        for place, (line, share) in enumerate(zip(lines, shares, strict=True))
    ]


def _address(buyer: Person) -> dict[str, Json]:
    return {
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "name": f"{buyer.first_name} {buyer.last_name}",
        "address1": buyer.street,
        "city": buyer.town,
        "country": buyer.country.name,
        "country_code": buyer.country.code,
        "zip": buyer.zip,
        "phone": buyer.phone,
    }


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _time(milliseconds: int) -> str:
    return from_ms(milliseconds).isoformat(timespec="seconds")
