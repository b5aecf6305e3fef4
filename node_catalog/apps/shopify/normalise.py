"""Shopify's orders and customers in the form that steps know (`node_catalog/objects`)."""

from collections.abc import Mapping, Sequence

from cartwheel.node_sdk import Contradiction, Delivery, Happening, Json
from node_catalog.apps.shopify.topics import CUSTOMER_TOPICS, ORDER_TOPICS, is_credible
from node_catalog.objects.reading import (
    NO_MONEY,
    contact_of,
    full_name,
    label_of,
    listed,
    moment,
    money,
    text,
    texts,
    whole,
)

_ADDRESS = (
    "first_name", "last_name", "name", "company", "address1", "address2", "city", "province",
    "province_code", "country", "country_code", "zip", "phone",
)  # fmt: skip
_NO_TIME = "1970-01-01T00:00:00Z"


def happenings(delivery: Delivery, payload: Json) -> Sequence[Happening]:
    """The one thing that happened. Raises `Contradiction` when topic and body do not fit."""
    topic = delivery.headers["x-shopify-topic"]
    told = payload if isinstance(payload, Mapping) else {"payload": payload}
    if not is_credible(topic, told):
        raise Contradiction(topic)
    kind, data = _in_our_words(topic, told, str(delivery.settings.get("shop", "")))
    return [
        Happening(
            topic=topic,
            type=kind,
            data=data,
            external_id=delivery.headers["x-shopify-webhook-id"],
            label=label_of(data) if kind else None,
            contact=contact_of(data),
            dated=isinstance(told.get("updated_at"), str),
        )
    ]


def _in_our_words(
    topic: str, told: Mapping[str, Json], shop: str
) -> tuple[str | None, Mapping[str, Json]]:
    if topic in ORDER_TOPICS:
        return ORDER_TOPICS[topic], {"order": order(told, shop), "customer": customer_of(told)}
    if topic in CUSTOMER_TOPICS:
        return CUSTOMER_TOPICS[topic], {"customer": customer(told)}
    return None, told


def order(told: Mapping[str, Json], shop: str = "") -> dict[str, Json]:
    """One order; `shop` only names the shop where the order has no page of its own."""
    number = text(told.get("order_number")) or text(told.get("number")) or text(told["id"]) or ""
    shipping = listed(told.get("shipping_lines"))
    return {
        "id": text(told["id"]) or "",
        "number": number,
        "name": text(told.get("name")) or f"#{number}",
        "created_at": moment(told.get("created_at")) or moment(told.get("processed_at"))
        or moment(told.get("updated_at")) or _NO_TIME,
        "currency": text(told.get("currency")) or "",
        "total": money(told.get("total_price")) or NO_MONEY,
        "subtotal": money(told.get("subtotal_price")),
        "total_tax": money(told.get("total_tax")),
        "total_shipping": _shop_money(told.get("total_shipping_price_set")),
        "total_discounts": money(told.get("total_discounts")),
        "financial_status": text(told.get("financial_status")),
        "fulfillment_status": text(told.get("fulfillment_status")),
        "note": text(told.get("note")),
        "tags": texts(told.get("tags")),
        "email": text(told.get("email")) or text(told.get("contact_email")),
        "phone": text(told.get("phone")),
        "customer_locale": text(told.get("customer_locale")),
        "test": told.get("test") is True,
        "line_items": [line_item(line) for line in listed(told.get("line_items"))],
        "shipping_address": address(told.get("shipping_address")),
        "billing_address": address(told.get("billing_address")),
        "discount_codes": _codes(told.get("discount_codes")),
        "payment_gateways": texts(told.get("payment_gateway_names")),
        "shipping_method": text(shipping[0].get("title")) if shipping else None,
        "url": text(told.get("order_status_url")) or (f"https://{shop}" if shop else None),
        "cancelled_at": moment(told.get("cancelled_at")),
        "cancel_reason": text(told.get("cancel_reason")),
    }  # fmt: skip


def customer_of(told: Mapping[str, Json]) -> dict[str, Json] | None:
    """The customer of an order; what the customer lacks stands on the order itself."""
    given = told.get("customer")
    if not isinstance(given, Mapping):
        return None
    found = customer(given)
    found["email"] = found["email"] or text(told.get("email"))
    found["phone"] = _first_phone(
        given, told, given.get("default_address"), told.get("shipping_address"),
        told.get("billing_address"),
    )  # fmt: skip
    found["locale"] = found["locale"] or text(told.get("customer_locale"))
    return found


def _first_phone(*places: Json) -> str | None:
    """Shopify seldom knows a customer's own number; most give one with an address."""
    numbers = (text(place.get("phone")) for place in places if isinstance(place, Mapping))
    return next((number for number in numbers if number), None)


def customer(told: Mapping[str, Json]) -> dict[str, Json]:
    """One customer."""
    first, last = text(told.get("first_name")), text(told.get("last_name"))
    return {
        "id": text(told.get("id")),
        "email": text(told.get("email")),
        "phone": _first_phone(told, told.get("default_address")),
        "first_name": first,
        "last_name": last,
        "name": full_name(first, last),
        "orders_count": whole(told.get("orders_count")),
        "total_spent": money(told.get("total_spent")),
        "currency": text(told.get("currency")),
        "tags": texts(told.get("tags")),
        "accepts_marketing": _accepts_marketing(told),
        "locale": text(told.get("locale")),
        "created_at": moment(told.get("created_at")),
        "default_address": address(told.get("default_address")),
        "note": text(told.get("note")),
    }


def line_item(told: Mapping[str, Json]) -> dict[str, Json]:
    """One line of an order."""
    return {
        "id": text(told.get("id")) or "",
        "product_id": text(told.get("product_id")),
        "variant_id": text(told.get("variant_id")),
        "sku": text(told.get("sku")),
        "title": text(told.get("title")) or text(told.get("name")) or "",
        "variant_title": text(told.get("variant_title")),
        "quantity": whole(told.get("quantity")) or 0,
        "price": money(told.get("price")) or NO_MONEY,
        "total_discount": money(told.get("total_discount")) or NO_MONEY,
        "vendor": text(told.get("vendor")),
        "requires_shipping": told.get("requires_shipping") is not False,
    }


def address(told: Json) -> dict[str, Json] | None:
    """One postal address."""
    if not isinstance(told, Mapping):
        return None
    return {name: text(told.get(name)) for name in _ADDRESS}


def _accepts_marketing(told: Mapping[str, Json]) -> bool:
    consent = told.get("email_marketing_consent")
    if isinstance(consent, Mapping):
        return consent.get("state") == "subscribed"
    return told.get("accepts_marketing") is True


def _shop_money(value: Json) -> str | None:
    amount = value.get("shop_money") if isinstance(value, Mapping) else None
    return money(amount.get("amount")) if isinstance(amount, Mapping) else None


def _codes(value: Json) -> list[str]:
    codes = (text(entry.get("code")) for entry in listed(value))
    return [code for code in codes if code]
