"""Connections ready for use: the public list of a workspace, and one with its secrets.

Both are remembered for a few seconds, so that a step costs no decryption; a change made by another
process is seen within that time.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cartwheel.catalog.registry import Registry
from cartwheel.clock import now_ms
from cartwheel.connections import rows
from cartwheel.connections.choosing import PublicConnection
from cartwheel.connections.rows import public_connections, secret_rows
from cartwheel.connections.vault import CannotDecrypt, Sealed, SecretPlace, Vault
from cartwheel.database import Database
from cartwheel.node_sdk import ConnectionInfo, EmailRequest, NodeError
from cartwheel.outbound.exchange import OutboundFailure
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.mail import Mailer, MailReceipt, MailSecurity, MailServer
from cartwheel.outbound.message import MailMessage
from cartwheel.outbound.redaction import Redactor, remember
from cartwheel.remembered import Remembered

REMEMBERED_SECONDS = 5.0
_REPLY_TO = "Reply-To"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """A connection with its secrets; lives only in memory and never in a `repr`."""

    info: ConnectionInfo
    updated_at: int
    secrets: Mapping[str, str] = field(repr=False)
    redactor: Redactor = field(repr=False)
    mail: Mailer = field(repr=False)

    async def send_mail(self, request: EmailRequest, key: str) -> MailReceipt | OutboundFailure:
        """Hand one e-mail to this connection's mail server."""
        settings = self.info.settings
        server = mail_server(settings, self.secrets)
        return await self.mail.send(server, _mail(request, settings, key))


def mail_server(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> MailServer:
    """The mail server that a connection of the app `smtp` describes."""
    return MailServer(
        host=str(settings.get("host", "")),
        port=int(settings.get("port", 587)),
        security=MailSecurity(settings.get("security", "starttls")),
        username=str(settings.get("username") or ""),
        password=secrets.get("password", ""),
    )


def _mail(request: EmailRequest, settings: Mapping[str, Any], key: str) -> MailMessage:
    headers = dict(request.headers)
    reply_to = headers.pop(_REPLY_TO, None)  # An address, which is checked as one.
    return MailMessage(
        sender=str(settings.get("from_email") or ""),
        sender_name=str(settings.get("from_name") or ""),
        to=request.to,
        subject=request.subject,
        text=request.text,
        html=request.html,
        message_key=key,
        reply_to=reply_to,
        headers=headers,
    )


class OpenConnections:
    """One process's connections, by workspace."""

    def __init__(
        self, database: Database, vault: Vault, registry: Registry, guard: AddressGuard
    ) -> None:
        self._database, self._vault = database, vault
        self._registry, self._mail = registry, Mailer(guard)
        self._public = Remembered(self._read_public, REMEMBERED_SECONDS)
        self._open = Remembered(self._read, REMEMBERED_SECONDS)

    def forget(self, workspace_id: int) -> None:
        """A connection of this workspace was changed by this process."""
        self._public.forget(workspace_id)
        self._open.forget_where(lambda key: key[0] == workspace_id)

    async def is_refused(self, workspace_id: int, connection_id: str) -> bool:
        """Whether runs that need the connection must wait; a refusal is looked up anew, so that
        nobody waits for what was mended a moment ago."""
        if not any(c.is_refused for c in await self.public(workspace_id) if c.id == connection_id):
            return False
        self.forget(workspace_id)
        known = await self.public(workspace_id)
        return any(c.is_refused for c in known if c.id == connection_id)

    async def note_refused(self, workspace_id: int, connection_id: str, words: str) -> bool:
        """Its app did not accept a connection; tells whether that stands, or was mended since."""
        opened = self._open.known((workspace_id, connection_id))
        seen = opened.updated_at if opened else -1
        self.forget(workspace_id)
        refused = rows.note_refused(workspace_id, connection_id, words, seen, now_ms())
        is_news, stands = await self._database.run(refused)
        if is_news:
            _log.warning("connection %s is not accepted any more: %s", connection_id, words)
        return stands

    async def public(self, workspace_id: int) -> tuple[PublicConnection, ...]:
        """Every connection of a workspace, without secrets."""
        return await self._public.get(workspace_id)

    async def get(self, workspace_id: int, connection_id: str) -> OpenConnection:
        """A connection with its secrets. Raises `NodeError` when it is gone or unreadable."""
        return await self._open.get((workspace_id, connection_id))

    async def _read_public(self, workspace_id: int) -> tuple[PublicConnection, ...]:
        return await public_connections(self._database, workspace_id)

    async def _read(self, place: tuple[int, str]) -> OpenConnection:
        workspace_id, connection_id = place
        found = [c for c in await self.public(workspace_id) if c.id == connection_id]
        if not found:
            raise NodeError(
                "The connection this step used does not exist any more.",
                code="missing_connection",
                fix="Choose another connection in the step.",
            )
        rows = await self._database.fetch(secret_rows(workspace_id, connection_id))
        secrets = {
            row[0]: self._secret(SecretPlace(workspace_id, connection_id, row[0]), row[1], row[2])
            for row in rows
        }
        for secret in secrets.values():
            remember(secret)
        return OpenConnection(
            found[0].info,
            found[0].updated_at,
            secrets,
            Redactor(secrets.values()),
            self._mail,
        )

    def _secret(self, place: SecretPlace, key_id: str, ciphertext: bytes) -> str:
        try:
            return self._vault.open(place, Sealed(key_id, bytes(ciphertext)))
        except CannotDecrypt:
            raise NodeError(
                "The stored secret of this connection cannot be read with this installation's key.",
                code="missing_connection",
                fix="Enter the secret again in the connection.",
            ) from None
