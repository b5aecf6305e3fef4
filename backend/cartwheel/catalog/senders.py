"""Apps that send webhooks: how to tell a genuine one, and what it says.

The code stands with the app, in `signature.py` and `normalise.py`, and is imported at its first
use. Both only compute: no network, no clock, no chance.
"""

import functools
import importlib
from collections.abc import Sequence
from types import ModuleType

from cartwheel.catalog.apps import App
from cartwheel.node_sdk import Delivery, Happening, Json


class Sender:
    """An app's webhooks.

    `headers` are the names (in lower case) that decide something: each must stand exactly once.
    """

    def __init__(self, signature: ModuleType, normalise: ModuleType) -> None:
        self._signature, self._normalise = signature, normalise
        self.headers: tuple[str, ...] = signature.HEADERS

    def is_genuine(self, delivery: Delivery, secret: str) -> bool:
        """Whether the signature was made over these very bytes with `secret`; in constant time."""
        return bool(self._signature.is_genuine(delivery, secret))

    def is_ours(self, delivery: Delivery) -> bool:
        """Whether the other headers fit the connection and the time."""
        return bool(self._signature.is_ours(delivery))

    def is_ping(self, delivery: Delivery) -> bool:
        """Whether this is the unsigned greeting that some shops send when a hook is saved."""
        ping = getattr(self._signature, "is_ping", None)
        return bool(ping and ping(delivery))

    def happenings(self, delivery: Delivery, payload: Json) -> Sequence[Happening]:
        """What a delivery tells; the first is what it says, others follow from it.

        Raises `Contradiction`.
        """
        told: Sequence[Happening] = self._normalise.happenings(delivery, payload)
        return told

    @property
    def makes_secrets(self) -> bool:
        """Whether the signing secret is ours to make (else the app shows one to copy)."""
        return hasattr(self._signature, "as_secret")

    def as_secret(self, chance: bytes) -> str:
        """32 random bytes as a signing secret of this scheme."""
        return str(self._signature.as_secret(chance))

    def secret_fault(self, secret: str) -> str | None:
        """Why this cannot be a signing secret of this scheme, as a sentence; None when it can."""
        judge = getattr(self._signature, "secret_fault", None)
        fault: str | None = judge(secret) if judge else None
        return fault


@functools.cache
def sender_of(app: App) -> Sender:
    """The app's webhooks. Raises `ValueError` for an app that sends none."""
    if app.webhook is None:
        raise ValueError(f"{app.id} sends no webhooks")
    modules = (importlib.import_module(f"{app.module}.{name}") for name in _MODULES)
    return Sender(*modules)


_MODULES = ("signature", "normalise")
