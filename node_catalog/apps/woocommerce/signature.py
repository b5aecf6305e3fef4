"""WooCommerce signs the body only, with the webhook's secret; the headers are not signed.

So they must agree among themselves and with the connection, and `normalise` checks the topic
against the body.
"""

import base64
import hashlib
import hmac
import re
from urllib.parse import urlsplit

from cartwheel.node_sdk import Delivery

HEADERS = (
    "x-wc-webhook-signature",
    "x-wc-webhook-source",
    "x-wc-webhook-topic",
    "x-wc-webhook-resource",
    "x-wc-webhook-event",
    "x-wc-webhook-delivery-id",
)
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")


def is_genuine(delivery: Delivery, secret: str) -> bool:
    """Whether the body was signed with `secret`."""
    ours = base64.b64encode(hmac.digest(secret.encode(), delivery.body, hashlib.sha256))
    return hmac.compare_digest(ours, delivery.headers["x-wc-webhook-signature"].encode())


def is_ours(delivery: Delivery) -> bool:
    """Whether it comes from the connection's shop, with a topic that says the same twice."""
    headers = delivery.headers
    said = f"{headers['x-wc-webhook-resource']}.{headers['x-wc-webhook-event']}"
    return said == headers["x-wc-webhook-topic"] and _host(headers["x-wc-webhook-source"]) == _host(
        str(delivery.settings.get("url", ""))
    )


def is_ping(delivery: Delivery) -> bool:
    """On saving a webhook the shop sends its number, unsigned, and wants a 200."""
    return HEADERS[0] not in delivery.headers and _PING.fullmatch(delivery.body) is not None


def as_secret(chance: bytes) -> str:
    """Random bytes as a secret that can be typed into the shop's form."""
    return base64.urlsafe_b64encode(chance).decode().rstrip("=")


def _host(address: str) -> str | None:
    """A shop is the same with and without `www.`: WordPress redirects one to the other."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
