"""The signature schemes against published vectors and ones computed from their documentation."""

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.senders import sender_of
from cartwheel.node_sdk import Delivery
from tests.webhooks.senders import STANDARD_SECRET

POLISH = '{"id":450789469,"note":"Zażółć 🧡"}'.encode()


def is_genuine(app: str, body: bytes, secret: str, **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    delivery = Delivery(named, body, {}, datetime.now(UTC))
    return sender_of(load_registry().apps[app]).is_genuine(delivery, secret)


@pytest.mark.parametrize(
    ("app", "header", "body", "secret", "expected"),
    [
        (
            "shopify", "x_shopify_hmac_sha256", b'{"foo": "bar"}', "test_secret_key",
            "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=",
        ),
        (
            "shopify", "x_shopify_hmac_sha256", POLISH, "shpss_test",
            "9+HBJwtD3vVf65B8BlCsm6JbQ630wMVCsdADCgbexzw=",
        ),
        (
            "woocommerce", "x_wc_webhook_signature", POLISH, "woo_secret",
            "/faVZ6d4MpwdgyImsjtsmfPRwQ84kY7BeApd2C0ew4k=",
        ),
    ],
)  # fmt: skip
def test_a_known_vector_is_genuine(
    app: str, header: str, body: bytes, secret: str, expected: str
) -> None:
    assert is_genuine(app, body, secret, **{header: expected})
    assert not is_genuine(app, body, secret + "x", **{header: expected})


def test_the_published_vector_of_standard_webhooks_is_genuine() -> None:
    assert is_genuine(
        "standard",
        b'{"test": 2432232314}',
        STANDARD_SECRET,
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        webhook_timestamp="1614265330",
        webhook_signature="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    )


def test_one_of_several_listed_signatures_is_enough() -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    other = Webhook("whsec_" + base64.b64encode(b"x" * 32).decode()).sign("m", moment, "{}")
    ours = Webhook(STANDARD_SECRET).sign("m", moment, "{}")
    assert is_genuine(
        "standard", b"{}", STANDARD_SECRET, webhook_id="m",
        webhook_timestamp=str(int(moment.timestamp())),
        webhook_signature=f"v1a,AAAA {other} {ours}",
    )  # fmt: skip
