"""Slack signs its version, the time and the raw body (https://docs.slack.dev/authentication)."""

import hashlib
import hmac

from cartwheel.node_sdk import Delivery

HEADERS = ("x-slack-request-timestamp", "x-slack-signature")
TOLERANCE_SECONDS = 300


def is_genuine(delivery: Delivery, secret: str) -> bool:
    """Whether these very bytes were signed with `secret`."""
    sent_at = delivery.headers["x-slack-request-timestamp"]
    signed = f"v0:{sent_at}:".encode("latin-1") + delivery.body
    ours = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(
        ours.encode(), delivery.headers["x-slack-signature"].encode("latin-1")
    )


def is_ours(delivery: Delivery) -> bool:
    """Whether it was sent within five minutes of now."""
    sent_at = delivery.headers["x-slack-request-timestamp"]
    if not (sent_at.isascii() and sent_at.isdecimal() and len(sent_at) <= 12):
        return False
    return abs(int(sent_at) - delivery.received_at.timestamp()) <= TOLERANCE_SECONDS
