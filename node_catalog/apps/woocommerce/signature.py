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
    from_here = _shop(headers["x-wc-webhook-source"]) == _shop(str(delivery.settings.get("url")))
    return from_here and said == headers["x-wc-webhook-topic"]


def is_ping(delivery: Delivery) -> bool:
    """On saving a webhook the shop sends its number, unsigned, and wants a 200."""
    return HEADERS[0] not in delivery.headers and _PING.fullmatch(delivery.body) is not None


def as_secret(chance: bytes) -> str:
    """Random bytes as a secret that can be typed into the shop's form."""
    return base64.urlsafe_b64encode(chance).decode().rstrip("=")


def _shop(address: str) -> tuple[str, int | None, str] | None:
    """Host, port and path. WordPress redirects between `www.` and not, and from http to https."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in {"http", "https"} or {"?", "#", "@"} & set(address):
        return None
    return host.removeprefix("www."), port, parts.path.rstrip("/")
