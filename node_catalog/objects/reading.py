"""Reads single values out of what shops send, for the objects described beside this file.

Nothing here raises: what is not there, or not what it should be, is None or empty.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from cartwheel.node_sdk import Json

NO_MONEY = "0.00"


def text(value: Json) -> str | None:
    """A text, or a number that is an id; what is empty is nothing."""
    kind = type(value)  # Asked sixty times for an order; what JSON gives has no subclasses.
    if kind is str:
        return value or None
    return str(value) if kind is int else None


def money(value: Json) -> str | None:
    """A decimal string; some shops send numbers."""
    if isinstance(value, str):
        return value or None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else None


def whole(value: Json) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def listed(value: Json) -> list[Mapping[str, Json]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def texts(value: Json) -> list[str]:
    """A list of texts, also from one text with commas."""
    given = value.split(",") if isinstance(value, str) else value
    words = given if isinstance(given, list) else []
    return [word.strip() for word in words if isinstance(word, str) and word.strip()]


def moment(value: Json) -> str | None:
    """A time as UTC; without an offset it is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        given = datetime.fromisoformat(value)
        aware = given if given.tzinfo else given.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return None


def full_name(first: str | None, last: str | None) -> str | None:
    """Both names, or the one there is."""
    return " ".join(part for part in (first, last) if part) or None


def contact_of(data: Mapping[str, Json]) -> str | None:
    """Whom normalised data is about: an e-mail address before a phone number, the customer's own
    before the one left with the order."""
    owners = [thing for name in ("customer", "order") if isinstance(thing := data.get(name), dict)]
    found = (owner.get(kind) for kind in ("email", "phone") for owner in owners)
    return next((each for each in found if isinstance(each, str) and each), None)


def label_of(data: Mapping[str, Json]) -> str | None:
    """What people call it: "Order #1042", or the customer's name."""
    if isinstance(order := data.get("order"), dict):
        return f"Order {order.get('name')}"
    customer = data.get("customer")
    return customer.get("name") or customer.get("email") if isinstance(customer, dict) else None
