"""Standard Webhooks (https://www.standardwebhooks.com): id, time and body are all signed."""

import base64
import binascii
import hashlib
import hmac

from cartwheel.node_sdk import Delivery

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
TOLERANCE_SECONDS = 300
_MARK = "whsec_"


def is_genuine(delivery: Delivery, secret: str) -> bool:
    """Whether one of the listed signatures is ours; senders list two while they change secrets."""
    headers = delivery.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + delivery.body
    ours = base64.b64encode(hmac.digest(_key(secret) or b"", signed, hashlib.sha256))
    matches = False
    for signature in headers["webhook-signature"].split():
        version, _, given = signature.partition(",")
        matches |= version == "v1" and hmac.compare_digest(ours, given.encode())
    return matches and _key(secret) is not None


def is_ours(delivery: Delivery) -> bool:
    """Whether it was sent within five minutes of now."""
    sent_at = delivery.headers["webhook-timestamp"]
    if not (sent_at.isascii() and sent_at.isdecimal() and len(sent_at) <= 12):
        return False
    return abs(int(sent_at) - delivery.received_at.timestamp()) <= TOLERANCE_SECONDS


def as_secret(chance: bytes) -> str:
    """Random bytes as a secret."""
    return _MARK + base64.b64encode(chance).decode()


def secret_fault(secret: str) -> str | None:
    """Secrets of this standard hold 24 to 64 bytes."""
    key = _key(secret)
    if key is None or not 24 <= len(key) <= 64:
        return "The secret begins with whsec_, then 24 to 64 bytes in base64."
    return None


def _key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(_MARK), validate=True)
    except (binascii.Error, ValueError):
        return None
