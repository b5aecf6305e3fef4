"""Shopify signs the body only, with the app's API secret key; the headers are not signed.

So the shop must be the connection's own, and `normalise` checks the topic against the body.
"""

import base64
import hashlib
import hmac

from cartwheel.node_sdk import Delivery

HEADERS = (
    "x-shopify-hmac-sha256",
    "x-shopify-topic",
    "x-shopify-shop-domain",
    "x-shopify-webhook-id",
)


def is_genuine(delivery: Delivery, secret: str) -> bool:
    """Whether the body was signed with `secret`."""
    ours = base64.b64encode(hmac.digest(secret.encode(), delivery.body, hashlib.sha256))
    return hmac.compare_digest(ours, delivery.headers["x-shopify-hmac-sha256"].encode())


def is_ours(delivery: Delivery) -> bool:
    """Whether it comes from the connection's shop."""
    shop = str(delivery.settings.get("shop", "")).encode()
    return hmac.compare_digest(shop, delivery.headers["x-shopify-shop-domain"].encode())
