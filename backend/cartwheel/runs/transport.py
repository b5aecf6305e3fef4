"""The worker's way out: a step's request, with the secrets of its connection, through the guard.

What comes back is cleaned of those secrets by value before anything else sees it, because
providers echo what they were sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cartwheel.catalog.apps import App, put_secrets
from cartwheel.catalog.registry import Registry
from cartwheel.connections.choosing import PublicConnection, choose
from cartwheel.connections.open import OpenConnection, OpenConnections
from cartwheel.connections.requests import cleaned, outgoing
from cartwheel.errors import Busy
from cartwheel.node_sdk import (
    ConnectionInfo,
    EmailRequest,
    HttpRequest,
    Json,
    NodeError,
    Request,
    Response,
    RetryLater,
)
from cartwheel.outbound.exchange import OutboundFailure, OutboundResponse
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.mail import MailReceipt
from cartwheel.outbound.redaction import Redactor
from cartwheel.runs.carrier import MaybeSent
from cartwheel.runs.plan import PlannedStep


@dataclass(frozen=True, slots=True)
class WayOut:
    """What every workspace's transport shares."""

    client: HttpClient
    connections: OpenConnections
    registry: Registry


class WorkspaceTransport:
    """Sends for one workspace, with its connections only."""

    def __init__(
        self, way_out: WayOut, workspace_id: int, connections: tuple[PublicConnection, ...]
    ) -> None:
        self._way_out, self._workspace_id = way_out, workspace_id
        self._connections = connections

    def choose(self, planned: PlannedStep, config: Mapping[str, Json]) -> ConnectionInfo | None:
        node_type = planned.node_type
        if node_type is None:
            return None
        wanted = config.get("connection")
        found = choose(self._connections, node_type, str(wanted) if wanted else None)
        return found.info if found else None

    async def deliver(
        self, connection: ConnectionInfo | None, request: Request, key: str
    ) -> Response:
        opened = await self._open(connection)
        if isinstance(request, EmailRequest):
            return await self._mail(opened, request, key)
        return await self._http(opened, request)

    async def _open(self, connection: ConnectionInfo | None) -> OpenConnection | None:
        if connection is None:
            return None
        try:
            return await self._way_out.connections.get(self._workspace_id, connection.id)
        except Busy as error:
            raise RetryLater(error.detail) from None

    async def _http(self, opened: OpenConnection | None, request: HttpRequest) -> Response:
        redactor = opened.redactor if opened else _NO_SECRETS
        if opened is not None:
            request = put_secrets(self._app(opened), request, opened.info.settings, opened.secrets)
        answer = await self._way_out.client.send(outgoing(request))
        if isinstance(answer, OutboundResponse):
            return cleaned(answer, redactor)
        if answer.status is not None and 200 <= answer.status < 300:
            # It was done; only its answer cannot be used (too large, broken off half way).
            return Response(answer.status, {}, None)
        raise _mishap(answer, redactor)

    async def _mail(
        self, opened: OpenConnection | None, request: EmailRequest, key: str
    ) -> Response:
        if opened is None:
            raise NodeError(
                "This step has no mail server to hand the message to.",
                code="missing_connection",
                fix="Choose a mail connection in the step.",
            )
        answer = await opened.send_mail(request, key)
        if isinstance(answer, MailReceipt):
            return Response(answer.code, {}, opened.redactor.text(answer.words))
        if answer.status is not None:
            return Response(answer.status, {}, opened.redactor.text(answer.words or ""))
        raise _mishap(answer, opened.redactor)

    def _app(self, opened: OpenConnection) -> App:
        return self._way_out.registry.apps[opened.info.app]


_NO_SECRETS = Redactor(())


def _mishap(failure: OutboundFailure, redactor: Redactor) -> Exception:
    """No usable answer: later, never, or nobody knows."""
    message = redactor.text(failure.message)
    if failure.sent and failure.status is None:
        return MaybeSent(message)
    if failure.passing:
        return RetryLater(message)
    return NodeError(message, code=failure.kind.value)
