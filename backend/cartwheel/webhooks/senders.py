"""From a delivery to what it tells, or to the refusal that everybody gets who is not its sender.

A wrong key, a wrong signature, a header that does not fit: all of these are one answer, after the
same work, so that nobody learns how near they came. Why: docs/decisions/0010-ingress.md.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import orjson

from cartwheel.catalog.registry import Registry
from cartwheel.catalog.senders import Sender, sender_of
from cartwheel.clock import SystemClock, new_id, to_ms
from cartwheel.connections.hooks import Hook, Hooks
from cartwheel.errors import Problem, Unauthorized
from cartwheel.events.news import short_hash
from cartwheel.events.store import Arrival, NewEvent
from cartwheel.events.types import told_by
from cartwheel.node_sdk import Contradiction, Delivery, Happening
from cartwheel.web.strict_json import read_json

LONGEST_EXTERNAL_ID = 200
LONGEST_WORDS = 320
_NOBODYS_SECRET = "whsec_" + "AAAA" * 8
_CLOCK = SystemClock()
RawHeaders = Iterable[tuple[bytes, bytes]]


class Senders:
    """Knows who may send what to which address."""

    def __init__(self, hooks: Hooks, registry: Registry) -> None:
        self._hooks, self._registry = hooks, registry

    async def read(self, source: str, key: str, headers: RawHeaders, body: bytes) -> Arrival | None:
        """What a delivery tells; None for a greeting that tells nothing.

        Raises `Unauthorized` for whoever is not the sender, `Problem` for a body that is not JSON.
        """
        sender = self._sender(source)
        hook, delivery = await self._delivery(sender, source, key, headers, body)
        if hook is not None and sender.is_ping(delivery):
            return None
        hook = _proven(sender, hook, delivery)
        payload = read_json(body, keys_once=False)
        try:
            return _arrival(hook, sender.happenings(delivery, payload), delivery)
        except Contradiction:
            raise refused() from None

    async def prove(self, source: str, key: str, headers: RawHeaders, body: bytes) -> Hook:
        """Whose delivery this is, of an app whose deliveries are no events.

        Raises `Unauthorized` for whoever is not the sender.
        """
        sender = self._sender(source)
        return _proven(sender, *await self._delivery(sender, source, key, headers, body))

    async def _delivery(
        self, sender: Sender, source: str, key: str, headers: RawHeaders, body: bytes
    ) -> tuple[Hook | None, Delivery]:
        hook = await self._hooks.find(key)
        if hook is not None and hook.app != source:
            hook = None
        known = _needed(headers, sender.headers)
        return hook, Delivery(known, body, hook.settings if hook else {}, _CLOCK.now())

    async def knows(self, source: str, key: str) -> bool:
        """Whether webhooks of this source may come to this address."""
        hook = await self._hooks.find(key)
        return hook is not None and hook.app == source

    def _sender(self, source: str) -> Sender:
        app = self._registry.apps.get(source)
        if app is None or app.webhook is None:
            raise refused()
        return sender_of(app)


def refused() -> Unauthorized:
    """The one answer to everybody who is not the sender."""
    return Unauthorized(
        "This address takes nothing from you: its key or the signature is wrong. Compare the "
        "address and the signing secret with the connection.",
        code="bad_signature",
    )


def _needed(headers: RawHeaders, names: tuple[str, ...]) -> Mapping[str, str]:
    """The headers that decide. Raises `Problem` when one stands twice: which would count?"""
    wanted = _as_bytes(names)
    found: dict[str, str] = {}
    for raw_name, value in headers:
        if raw_name not in wanted:  # ASGI has them in lower case.
            continue
        name = raw_name.decode("latin-1")
        if name in found:
            raise Problem(f"The header {name} stands twice. Send it once.", code="doubled_header")
        found[name] = value.decode("latin-1")
    return found


@lru_cache(maxsize=64)
def _as_bytes(names: tuple[str, ...]) -> frozenset[bytes]:
    return frozenset(name.encode("latin-1") for name in names)


def _proven(sender: Sender, hook: Hook | None, delivery: Delivery) -> Hook:
    secrets = hook.secrets_at(to_ms(delivery.received_at)) if hook else ()
    if not _prove(sender, delivery, secrets) or hook is None:
        raise refused()
    return hook


def _prove(sender: Sender, delivery: Delivery, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed this; without any, the same work for nothing."""
    if not all(delivery.headers.get(name) for name in sender.headers):
        return False
    genuine = False
    for secret in secrets or (_NOBODYS_SECRET,):
        genuine |= sender.is_genuine(delivery, secret)
    return genuine and bool(secrets) and sender.is_ours(delivery)


def _arrival(hook: Hook, told: Sequence[Happening], delivery: Delivery) -> Arrival:
    body_hash = short_hash(delivery.body)
    first, *others = [_event(hook, happening, delivery, body_hash) for happening in told]
    return Arrival(first, tuple(others))


def _event(hook: Hook, told: Happening, delivery: Delivery, body_hash: str) -> NewEvent:
    said = f"{told.topic}\0{body_hash}".encode()
    return NewEvent(
        workspace_id=hook.workspace_id,
        id=new_id(),
        type=told_by(hook.app, told.type, told.topic),
        source=hook.app,
        source_id=hook.connection_id,
        external_id=_bounded(told.external_id),
        body_hash=body_hash,
        fingerprint=short_hash(said) if told.dated else None,
        label=told.label[:LONGEST_WORDS] if told.label else None,
        contact=told.contact[:LONGEST_WORDS] if told.contact else None,
        data=orjson.dumps(told.data).decode(),
        received_at=to_ms(delivery.received_at),
        raw=delivery.body,
    )


def _bounded(external_id: str) -> str:
    if len(external_id) <= LONGEST_EXTERNAL_ID:
        return external_id
    return hashlib.sha256(external_id.encode()).hexdigest()
