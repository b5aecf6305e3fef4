"""Shops that sign: deliveries as the real ones make them."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from standardwebhooks.webhooks import Webhook

from cartwheel.clock import new_id, now_ms
from cartwheel.connections.hooks import FORMER_SECRET, SIGNING_SECRET
from cartwheel.connections.models import Connection, ConnectionSecret
from cartwheel.connections.vault import SecretPlace, Vault
from cartwheel.database import Database

SHOP = "jsmith.myshopify.com"
WOO_SHOP = "https://tea.example.com"
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ORDER: dict[str, Any] = {
    "id": 820982911946154508,
    "name": "#9999",
    "order_number": 9999,
    "created_at": "2021-12-31T19:00:00-05:00",
    "updated_at": "2021-12-31T19:00:00-05:00",
    "currency": "USD",
    "total_price": "359.97",
    "email": "jon@example.com",
    "tags": "tag1, tag2",
    "line_items": [
        {"id": 487817672276298554, "title": "Sunglasses", "quantity": 1, "price": "89.99"}
    ],
    "customer": {"id": 115310627314723954, "first_name": "John", "last_name": "Smith"},
}
WOO_ORDER: dict[str, Any] = {
    "id": 723,
    "number": "723",
    "status": "pending",
    "currency": "PLN",
    "date_created_gmt": "2026-11-20T17:04:11",
    "date_modified_gmt": "2026-11-20T17:04:12",
    "discount_total": "3.00",
    "shipping_total": "12.00",
    "total": "69.00",
    "total_tax": "0.00",
    "customer_id": 26,
    "customer_note": "",
    "payment_method": "bacs",
    "billing": {
        "first_name": "Zażółć", "last_name": "Gęślą", "company": "", "address_1": "ul. Długa 5",
        "address_2": "", "city": "Kraków", "state": "", "postcode": "31-147", "country": "PL",
        "email": "zaz@example.com", "phone": "+48600100200",
    },
    "shipping": {"first_name": "", "last_name": "", "address_1": "", "country": ""},
    "line_items": [
        {
            "id": 315, "name": "Sencha - 100 g", "parent_name": "Sencha", "product_id": 93,
            "variation_id": 94, "quantity": 3, "subtotal": "60.00", "total": "57.00",
            "sku": "TEA-1", "price": 19,
        }
    ],
    "shipping_lines": [{"id": 317, "method_title": "Kurier", "total": "12.00"}],
    "coupon_lines": [{"id": 318, "code": "jesien", "discount": "3.00"}],
}  # fmt: skip


def signature(secret: str, body: bytes) -> str:
    """What Shopify and WooCommerce put beside a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@dataclass
class Sender:
    """One connected shop."""

    source: str
    key: str
    connection_id: str
    secret: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/hooks/{self.source}/{self.key}"

    def headers(self, body: bytes, **changed: str) -> dict[str, str]:
        """The headers that this sender really sends, some of them `changed`."""
        made = getattr(self, f"_{self.source}")(body, dict(changed))
        return {"Content-Type": "application/json", **made, **changed.get("also", {})}  # type: ignore[dict-item]

    def _shopify(self, body: bytes, changed: dict[str, str]) -> dict[str, str]:
        return {
            "X-Shopify-Hmac-Sha256": signature(changed.get("secret", self.secret), body),
            "X-Shopify-Topic": changed.get("topic", "orders/create"),
            "X-Shopify-Shop-Domain": changed.get("shop", SHOP),
            "X-Shopify-Webhook-Id": changed.get("id") or new_id(),
            "X-Shopify-API-Version": "2026-04",
        }

    def _woocommerce(self, body: bytes, changed: dict[str, str]) -> dict[str, str]:
        topic = changed.get("topic", "order.created")
        resource, _, event = topic.partition(".")
        return {
            "X-WC-Webhook-Signature": signature(changed.get("secret", self.secret), body),
            "X-WC-Webhook-Source": changed.get("shop", WOO_SHOP + "/"),
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": changed.get("resource", resource),
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-ID": "3",
            "X-WC-Webhook-Delivery-ID": changed.get("id") or new_id(),
        }

    def _standard(self, body: bytes, changed: dict[str, str]) -> dict[str, str]:
        number = changed.get("id") or f"msg_{new_id()}"
        moment = datetime.fromtimestamp(int(changed.get("at", now_ms() // 1000)), UTC)
        peer = Webhook(changed.get("secret", self.secret))
        return {
            "webhook-id": number,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": peer.sign(number, moment, body.decode()),
        }

    def body(self) -> bytes:
        """A body that this sender could send."""
        return {
            "shopify": orjson.dumps(ORDER),
            "woocommerce": orjson.dumps(WOO_ORDER),
            "standard": b'{"type":"loyalty.points_earned","data":{"points":5}}',
        }[self.source]


SECRETS = {
    "shopify": "shpss_0123456789abcdef",
    "woocommerce": "woo-secret-0123456789",
    "standard": STANDARD_SECRET,
}
SETTINGS: dict[str, dict[str, Any]] = {
    "shopify": {"shop": SHOP},
    "woocommerce": {"url": WOO_SHOP},
    "standard": {},
}


async def connect(
    database: Database,
    vault: Vault,
    source: str,
    *,
    secret: str | None = None,
    former: tuple[str, int] | None = None,
    workspace_id: int = 1,
) -> Sender:
    """Store a connection for a sender; `former` is a replaced secret and when (ms) it ends."""
    now, connection_id, key = now_ms(), new_id(), f"key-{new_id()}"
    signs_with = secret or SECRETS[source]
    fields: list[tuple[str, str, int | None]] = [(SIGNING_SECRET, signs_with, None)]
    if former:
        fields.append((FORMER_SECRET, *former))
    async with database.write() as session:
        session.add(
            Connection(
                workspace_id=workspace_id, id=connection_id, app=source, name=source,
                settings=SETTINGS[source], hook_key=key, created_at=now, updated_at=now,
            )
        )  # fmt: skip
        await session.flush()
        for name, value, expires_at in fields:
            sealed = vault.seal(SecretPlace(workspace_id, connection_id, name), value)
            session.add(
                ConnectionSecret(
                    workspace_id=workspace_id, connection_id=connection_id, field=name,
                    key_id=sealed.key_id, ciphertext=sealed.ciphertext, created_at=now,
                    expires_at=expires_at,
                )
            )  # fmt: skip
    return Sender(source, key, connection_id, signs_with, SETTINGS[source])
