"""WooCommerce's orders and customers in the form that steps know (`node_catalog/objects`)."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from cartwheel.node_sdk import Contradiction, Delivery, Happening, Json
from node_catalog.objects.reading import (
    NO_MONEY,
    contact_of,
    full_name,
    label_of,
    listed,
    moment,
    money,
    text,
    whole,
)

_NO_TIME = "1970-01-01T00:00:00Z"
_TOPIC = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-zA-Z0-9_/-]*")
_ORDER_TOPICS: Mapping[str, str] = {
    "order.created": "order_created",
    "order.updated": "order_updated",
    "order.restored": "order_restored",
}
_CUSTOMER_TOPICS: Mapping[str, str] = {
    "customer.created": "customer_created",
    "customer.updated": "customer_updated",
}
_ORDER_HAS = {"id", "status", "currency", "line_items"}
_CUSTOMER_HAS = {"id", "email"}
_PAID = frozenset({"processing", "completed"})
_FINANCIAL: Mapping[str, str] = {
    "pending": "pending", "on-hold": "pending", "failed": "pending", "checkout-draft": "pending",
    "processing": "paid", "completed": "paid", "refunded": "refunded", "cancelled": "voided",
}  # fmt: skip


def happenings(delivery: Delivery, payload: Json) -> Sequence[Happening]:
    """What happened; an order that became paid is told as `order_paid` too, once.

    Raises `Contradiction` when topic and body do not fit.
    """
    topic = delivery.headers["x-wc-webhook-topic"]
    told = payload if isinstance(payload, Mapping) else {"payload": payload}
    if not _is_credible(topic, told):
        raise Contradiction(topic)
    kind, data = _in_our_words(topic, told)
    first = _happening(topic, kind, data, delivery.headers["x-wc-webhook-delivery-id"], told)
    if topic in _ORDER_TOPICS and _is_paid(told):
        return [first, _happening(topic, "order_paid", data, f"paid:{text(told['id'])}", {})]
    return [first]


def _is_credible(topic: str, told: Mapping[str, Json]) -> bool:
    if topic in _ORDER_TOPICS:
        return told.keys() >= _ORDER_HAS
    if topic in _CUSTOMER_TOPICS:
        return told.keys() >= _CUSTOMER_HAS and "line_items" not in told
    return len(topic) <= 80 and bool(_TOPIC.fullmatch(topic))


def _in_our_words(topic: str, told: Mapping[str, Json]) -> tuple[str | None, Mapping[str, Json]]:
    if topic in _ORDER_TOPICS:
        return _ORDER_TOPICS[topic], {"order": order(told), "customer": customer_of(told)}
    if topic in _CUSTOMER_TOPICS:
        return _CUSTOMER_TOPICS[topic], {"customer": customer(told)}
    return None, told


def _happening(
    topic: str, kind: str | None, data: Mapping[str, Json], number: str, told: Mapping[str, Json]
) -> Happening:
    dated = isinstance(told.get("date_modified_gmt"), str)
    label = label_of(data) if kind else None
    return Happening(topic, data, number, kind, label, contact_of(data), dated)


def _is_paid(told: Mapping[str, Json]) -> bool:
    """Cash on delivery is "processing" before anybody has paid."""
    if text(told.get("status")) not in _PAID:
        return False
    return told.get("payment_method") != "cod" or bool(_gmt(told, "date_paid"))


def order(told: Mapping[str, Json]) -> dict[str, Json]:
    """One order."""
    number = text(told.get("number")) or text(told.get("id")) or ""
    billing = _object(told.get("billing"))
    shipping = listed(told.get("shipping_lines"))
    lines = [line_item(line) for line in listed(told.get("line_items"))]
    status = text(told.get("status"))
    return {
        "id": text(told.get("id")) or "",
        "number": number,
        "name": f"#{number}",
        "created_at": _gmt(told, "date_created") or _NO_TIME,
        "currency": text(told.get("currency")) or "",
        "total": money(told.get("total")) or NO_MONEY,
        "subtotal": _sum(line.get("total") for line in listed(told.get("line_items"))),
        "total_tax": money(told.get("total_tax")),
        "total_shipping": money(told.get("shipping_total")),
        "total_discounts": money(told.get("discount_total")),
        "financial_status": _FINANCIAL.get(status or ""),
        "fulfillment_status": "fulfilled" if status == "completed" else None,
        "note": text(told.get("customer_note")),
        "tags": [],
        "email": text(billing.get("email")),
        "phone": text(billing.get("phone")),
        "customer_locale": None,
        "test": False,
        "line_items": lines,
        "shipping_address": address(told.get("shipping")),
        "billing_address": address(told.get("billing")),
        "discount_codes": [
            code for line in listed(told.get("coupon_lines")) if (code := text(line.get("code")))
        ],
        "payment_gateways": [name] if (name := text(told.get("payment_method"))) else [],
        "shipping_method": text(shipping[0].get("method_title")) if shipping else None,
        "url": text(told.get("payment_url")),
        "cancelled_at": _gmt(told, "date_modified") if status == "cancelled" else None,
        "cancel_reason": None,
    }


def customer_of(told: Mapping[str, Json]) -> dict[str, Json] | None:
    """The customer of an order, who is known by the billing address only; a guest has no id."""
    billing = _object(told.get("billing"))
    if not any(billing.values()):
        return None
    number = whole(told.get("customer_id"))
    return customer({"id": number or None, "email": billing.get("email"), "billing": billing})


def customer(told: Mapping[str, Json]) -> dict[str, Json]:
    """One customer; the shop says neither how often nor for how much they bought."""
    billing = _object(told.get("billing"))
    first = text(told.get("first_name")) or text(billing.get("first_name"))
    last = text(told.get("last_name")) or text(billing.get("last_name"))
    return {
        "id": text(told.get("id")),
        "email": text(told.get("email")) or text(billing.get("email")),
        "phone": text(billing.get("phone")),
        "first_name": first,
        "last_name": last,
        "name": full_name(first, last),
        "orders_count": None,
        "total_spent": None,
        "currency": None,
        "tags": [],
        "accepts_marketing": False,
        "locale": None,
        "created_at": _gmt(told, "date_created"),
        "default_address": address(billing),
        "note": None,
    }


def line_item(told: Mapping[str, Json]) -> dict[str, Json]:
    """One line of an order. `subtotal` and `total` are before and after discounts."""
    before, after = _decimal(told.get("subtotal")), _decimal(told.get("total"))
    quantity = whole(told.get("quantity")) or 0
    each = _cents(before / quantity) if before is not None and quantity else None
    discount = before - after if before is not None and after is not None else Decimal(0)
    return {
        "id": text(told.get("id")) or "",
        "product_id": text(told.get("product_id") or None),
        "variant_id": text(told.get("variation_id") or None),
        "sku": text(told.get("sku")),
        "title": text(told.get("parent_name")) or text(told.get("name")) or "",
        "variant_title": text(told.get("name")) if text(told.get("parent_name")) else None,
        "quantity": quantity,
        "price": each or money(told.get("price")) or NO_MONEY,
        "total_discount": _cents(discount),
        "vendor": None,
        "requires_shipping": True,
    }


def address(told: Json) -> dict[str, Json] | None:
    """One postal address; the shop sends countries and regions as codes only."""
    given = _object(told)
    if not any(given.values()):
        return None
    first, last = text(given.get("first_name")), text(given.get("last_name"))
    return {
        "first_name": first,
        "last_name": last,
        "name": full_name(first, last),
        "company": text(given.get("company")),
        "address1": text(given.get("address_1")),
        "address2": text(given.get("address_2")),
        "city": text(given.get("city")),
        "province": None,
        "province_code": text(given.get("state")),
        "country": None,
        "country_code": text(given.get("country")),
        "zip": text(given.get("postcode")),
        "phone": text(given.get("phone")),
    }


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _gmt(told: Mapping[str, Json], name: str) -> str | None:
    """The plain fields are in the shop's own time zone, which is not said."""
    return moment(told.get(f"{name}_gmt"))


def _decimal(value: Json) -> Decimal | None:
    try:
        found = Decimal(money(value) or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal("1e15") else None


def _cents(value: Decimal) -> str:
    """At least two decimals, at most four, without inventing any."""
    exact = value.quantize(Decimal("0.0001"))
    short = exact.quantize(Decimal("0.01"))
    return str(short if short == exact else exact.normalize())


def _sum(values: Json) -> str | None:
    amounts = [amount for value in values if (amount := _decimal(value)) is not None]
    return _cents(sum(amounts, Decimal(0))) if amounts else None
