"""Shopify's topics: which of them have a name of ours, and which fit a body.

The topic is not signed. Whoever has one signed body could present it under another topic, so
a topic that does not fit the body, or that is a known one with a single character changed, is
taken for forged. A topic that is merely new to us is not.
"""

import re
from collections.abc import Mapping

from cartwheel.node_sdk import Json

ORDER_TOPICS: Mapping[str, str] = {
    "orders/create": "order_created",
    "orders/paid": "order_paid",
    "orders/updated": "order_updated",
    "orders/cancelled": "order_cancelled",
    "orders/fulfilled": "order_fulfilled",
    "orders/partially_fulfilled": "order_partially_fulfilled",
}
CUSTOMER_TOPICS: Mapping[str, str] = {
    "customers/create": "customer_created",
    "customers/update": "customer_updated",
    "customers/enable": "customer_enabled",
    "customers/disable": "customer_disabled",
}
_NEEDED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(ORDER_TOPICS, frozenset({"id", "line_items", "currency"})),
    **dict.fromkeys(CUSTOMER_TOPICS, frozenset({"id", "first_name", "last_name"})),
    "orders/edited": frozenset({"order_edit"}),
    "orders/delete": frozenset({"id"}),
    "customers/delete": frozenset({"id"}),
    "customers/data_request": frozenset({"shop_domain", "customer", "data_request"}),
    "customers/redact": frozenset({"shop_domain", "customer", "orders_to_redact"}),
    "shop/redact": frozenset({"shop_id", "shop_domain"}),
    "refunds/create": frozenset({"id", "order_id"}),
    "checkouts/create": frozenset({"token"}),
    "checkouts/update": frozenset({"token"}),
    "products/create": frozenset({"id"}),
    "products/update": frozenset({"id"}),
    "products/delete": frozenset({"id"}),
}
_TOPIC = re.compile(r"[a-z][a-z0-9_.]*(/[a-z][a-z0-9_]*)?")


def is_credible(topic: str, payload: Mapping[str, Json]) -> bool:
    """Whether this body can have been sent under this topic."""
    needed = _NEEDED.get(topic)
    if needed is not None:
        return needed <= payload.keys()
    return len(topic) <= 80 and bool(_TOPIC.fullmatch(topic)) and not _is_altered(topic)


def _is_altered(topic: str) -> bool:
    """Whether one character was changed in a known topic."""
    return any(
        len(known) == len(topic) and sum(a != b for a, b in zip(known, topic, strict=True)) == 1
        for known in _NEEDED
    )
