"""Shops' own words become ours: orders and customers in the form that triggers promise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.senders import sender_of
from cartwheel.node_sdk import Delivery, Happening
from tests.webhooks.senders import ORDER, SHOP, WOO_ORDER, WOO_SHOP

TRIGGERS = {
    "order_created": "trigger.order_created",
    "order_paid": "trigger.order_paid",
    "customer_created": "trigger.customer_created",
}
WOO_CUSTOMER: dict[str, Any] = {
    "id": 25,
    "date_created_gmt": "2017-03-21T19:09:28",
    "date_modified_gmt": "2017-03-21T19:09:30",
    "email": "john.doe@example.com",
    "first_name": "John",
    "last_name": "Doe",
    "role": "customer",
    "username": "john.doe",
    "billing": {"first_name": "John", "last_name": "Doe", "country": "US", "phone": "(555) 555"},
    "shipping": {"first_name": "", "last_name": ""},
    "is_paying_customer": False,
}


def told(app: str, topic: str, payload: Any) -> list[Happening]:
    """What a delivery of this topic tells."""
    headers = {
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": "b54557e4",
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-delivery-id": "36e520eb",
    }
    settings = {"shop": SHOP, "url": WOO_SHOP}
    delivery = Delivery(headers, orjson.dumps(payload), settings, datetime.now(UTC))
    return list(sender_of(load_registry().apps[app]).happenings(delivery, payload))


def faults(kind: str, data: Mapping[str, Any]) -> list[str]:
    """What the trigger's output schema has against the data."""
    schema = load_registry().latest(TRIGGERS[kind]).output_schema
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(dict(data))]


@pytest.mark.parametrize(
    ("app", "topic", "payload", "kind"),
    [
        ("shopify", "orders/create", ORDER, "order_created"),
        ("shopify", "orders/paid", ORDER, "order_paid"),
        (
            "shopify",
            "customers/create",
            {"id": 1, "first_name": "Bob", "last_name": None, "email": None},
            "customer_created",
        ),
        ("woocommerce", "order.created", WOO_ORDER, "order_created"),
        ("woocommerce", "customer.created", WOO_CUSTOMER, "customer_created"),
    ],
)
def test_what_a_shop_tells_fits_the_triggers_promise(
    app: str, topic: str, payload: Any, kind: str
) -> None:
    [happening] = told(app, topic, payload)
    assert happening.type == kind
    assert faults(kind, happening.data) == []


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("orders_create", "order_created"),
        ("orders_paid", "order_paid"),
        ("customers_create", "customer_created"),
    ],
)
def test_shopifys_own_examples_fit_the_triggers_promise(
    shared_examples: Path, file: str, kind: str
) -> None:
    [happening] = told("shopify", file.replace("_", "/"), _example(shared_examples, file))
    assert happening.type == kind
    assert faults(kind, happening.data) == []


def test_every_example_of_shopify_is_told_under_its_topic(shared_examples: Path) -> None:
    two_words = {"draft_orders_create": "draft_orders/create"}
    special = {"customers_data_request": "customers/data_request", "app_scopes_update": None}
    for path in sorted((shared_examples / "payloads/shopify/docs-2025-10").glob("*.json")):
        topic = two_words.get(path.stem) or special.get(path.stem, path.stem.replace("_", "/", 1))
        if topic is None:
            topic = "app/scopes_update"
        [happening] = told("shopify", topic, orjson.loads(path.read_bytes()))
        assert happening.data, topic


def _example(folder: Path, name: str) -> Any:
    return orjson.loads((folder / f"payloads/shopify/docs-2025-10/{name}.json").read_bytes())


def test_a_shopify_order_in_our_words() -> None:
    [happening] = told("shopify", "orders/create", ORDER)
    order, customer = happening.data["order"], happening.data["customer"]
    assert (happening.label, happening.contact) == ("Order #9999", "jon@example.com")
    assert (order["id"], order["number"]) == ("820982911946154508", "9999")
    assert (order["total"], order["currency"]) == ("359.97", "USD")
    assert (order["created_at"], order["tags"]) == ("2022-01-01T00:00:00Z", ["tag1", "tag2"])
    assert order["line_items"][0]["price"] == "89.99"
    assert (customer["name"], customer["email"]) == ("John Smith", "jon@example.com")


def test_a_customer_without_a_number_has_that_of_an_address() -> None:
    told_order = {
        **ORDER,
        "phone": None,
        "customer": {**ORDER["customer"], "phone": None, "default_address": None},
        "shipping_address": {**(ORDER.get("shipping_address") or {}), "phone": "+48600100299"},
    }
    [happening] = told("shopify", "orders/create", told_order)
    assert happening.data["customer"]["phone"] == "+48600100299"


def test_a_guests_order_has_no_customer() -> None:
    [happening] = told("shopify", "orders/create", {**ORDER, "customer": None})
    assert happening.data["customer"] is None
    assert happening.contact == "jon@example.com"


def test_a_woocommerce_order_in_our_words() -> None:
    [happening] = told("woocommerce", "order.created", WOO_ORDER)
    order, customer = happening.data["order"], happening.data["customer"]
    assert (happening.label, happening.contact) == ("Order #723", "zaz@example.com")
    assert (order["total"], order["subtotal"], order["total_shipping"]) == (
        "69.00",
        "57.00",
        "12.00",
    )
    assert (order["created_at"], order["financial_status"]) == ("2026-11-20T17:04:11Z", "pending")
    [line] = order["line_items"]
    assert (line["title"], line["variant_title"]) == ("Sencha", "Sencha - 100 g")
    assert (line["price"], line["total_discount"], line["variant_id"]) == ("20.00", "3.00", "94")
    assert (order["discount_codes"], order["shipping_address"]) == (["jesien"], None)
    assert (customer["id"], customer["name"]) == ("26", "Zażółć Gęślą")
    assert order["billing_address"]["country_code"] == "PL"


def test_a_price_that_does_not_divide_keeps_its_fractions_of_a_cent() -> None:
    line = {"id": 1, "name": "Nail", "quantity": 8, "subtotal": "0.10", "total": "0.10"}
    [happening] = told("woocommerce", "order.created", {**WOO_ORDER, "line_items": [line]})
    assert happening.data["order"]["line_items"][0]["price"] == "0.0125"


NONSENSE: dict[str, Any] = {
    "numbers": 7, "texts": "x", "lists": [1, "a", None], "objects": {"a": 1}, "true": True,
    "null": None, "huge": 1e30, "not a date": "yesterday", "negative": -1.5,
}  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
@pytest.mark.parametrize(
    ("app", "topic", "payload", "kind"),
    [
        ("shopify", "orders/create", ORDER, "order_created"),
        ("woocommerce", "order.created", WOO_ORDER, "order_created"),
        ("woocommerce", "customer.created", WOO_CUSTOMER, "customer_created"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_never_stops_an_order(
    app: str, topic: str, payload: dict[str, Any], kind: str, nonsense: Any
) -> None:
    for name in payload:
        for happening in told(app, topic, {**payload, name: nonsense}):
            assert faults(kind, happening.data) == [], name


def test_a_standard_webhook_keeps_its_own_name_and_data() -> None:
    delivery = Delivery({"webhook-id": "msg_1"}, b"", {}, datetime.now(UTC))
    payload = {"type": "invoice.paid", "data": {"customer": {"email": "a@example.com"}}}
    [happening] = sender_of(load_registry().apps["standard"]).happenings(delivery, payload)
    assert (happening.type, happening.data) == ("invoice.paid", payload["data"])
    assert happening.contact == "a@example.com"
