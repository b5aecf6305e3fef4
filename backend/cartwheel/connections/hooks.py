"""Finds who may send webhooks to an address, with the secrets that prove it.

Remembered for a few seconds, because every webhook asks. A connection deleted or a secret renewed
elsewhere is known here within that time.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from cartwheel.catalog.registry import Registry
from cartwheel.connections.rows import hook_rows, secret_rows
from cartwheel.connections.vault import CannotDecrypt, Sealed, SecretPlace, Vault
from cartwheel.database import Database
from cartwheel.outbound.redaction import remember

REMEMBERED_SECONDS = 5.0
MOST_REMEMBERED = 10_000
SIGNING_SECRET = "signing_secret"  # noqa: S105  (the name of a field)
FORMER_SECRET = "signing_secret.former"  # noqa: S105  (the name of a field)


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret that senders sign with; one that was replaced ends at `expires_at` (ms)."""

    value: str
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """A connection as the one who sends webhooks."""

    workspace_id: int
    connection_id: str
    app: str
    settings: Mapping[str, Any]
    secrets: tuple[SigningSecret, ...] = field(repr=False)

    def secrets_at(self, now: int) -> tuple[str, ...]:
        """The secrets that count at `now` (ms)."""
        return tuple(s.value for s in self.secrets if s.expires_at is None or s.expires_at > now)


class Hooks:
    """One process's memory of hooks."""

    def __init__(self, database: Database, vault: Vault, registry: Registry) -> None:
        self._database, self._vault, self._registry = database, vault, registry
        self._known: dict[str, tuple[float, Hook]] = {}

    async def find(self, key: str) -> Hook | None:
        """Whose address this is; None for a key that we never gave out, or not any more."""
        kept = self._known.get(key)
        if kept is not None and time.monotonic() - kept[0] <= REMEMBERED_SECONDS:
            return kept[1]
        self._known.pop(key, None)
        # PostgreSQL refuses some characters outright; none of them stands in a key of ours.
        found = await self._read(key) if key.isascii() and key.isprintable() else None
        if found is not None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = (time.monotonic(), found)
        return found

    def forget(self, connection_id: str) -> None:
        """This process changed the connection."""
        for key, (_, hook) in list(self._known.items()):
            if hook.connection_id == connection_id:
                del self._known[key]

    async def _read(self, key: str) -> Hook | None:
        rows = await self._database.fetch(hook_rows(key))
        if not rows or rows[0][2] not in self._registry.apps:
            return None
        workspace_id, connection_id, app, settings = tuple(rows[0])
        secrets = [
            secret
            for row in await self._database.fetch(secret_rows(workspace_id, connection_id))
            if row[0] in {SIGNING_SECRET, FORMER_SECRET}
            if (secret := self._secret(SecretPlace(workspace_id, connection_id, row[0]), row))
        ]
        return Hook(workspace_id, connection_id, app, orjson.loads(settings), tuple(secrets))

    def _secret(self, place: SecretPlace, row: Any) -> SigningSecret | None:
        """None for what cannot be decrypted: then nothing that comes in can be genuine."""
        try:
            value = self._vault.open(place, Sealed(row[1], bytes(row[2])))
        except CannotDecrypt:
            return None
        remember(value)
        return SigningSecret(value, row[3])
