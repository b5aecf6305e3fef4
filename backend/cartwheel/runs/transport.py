"""The worker's way out: a step's request, with the secrets of its connection, through the guard.

What comes back is cleaned of those secrets by value before anything else sees it, because
providers echo what they were sent. A connection has a pace, and one that its app does not accept
is not used until somebody has mended it.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from cartwheel.catalog.apps import App, put_secrets
from cartwheel.catalog.registry import Registry
from cartwheel.clock import SystemClock
from cartwheel.connections.choosing import PublicConnection, choose
from cartwheel.connections.open import OpenConnection, OpenConnections
from cartwheel.connections.requests import cleaned, outgoing
from cartwheel.errors import Busy
from cartwheel.node_sdk import (
    ConnectionInfo,
    EmailRequest,
    HttpRequest,
    InDoubt,
    Json,
    NodeError,
    Request,
    Response,
    RetryLater,
)
from cartwheel.outbound.exchange import OutboundFailure, OutboundResponse
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.limits import ConnectionLimit, ConnectionLimits, told_level
from cartwheel.outbound.mail import MailReceipt
from cartwheel.outbound.redaction import Redactor
from cartwheel.runs.patience import PutOff
from cartwheel.runs.plan import PlannedStep

LONGEST_WAIT_IN_HAND = 1.0
"""Seconds. A turn that is further away is waited for in the book, not in a worker."""

LOOK_AGAIN = timedelta(minutes=15)
"""Whoever mends a connection wakes the runs that wait for it; this is for one that was missed."""

MENDED_MEANWHILE = timedelta(seconds=2)
BOOK_IS_AWAY = timedelta(seconds=2)
PAUSE_SECONDS = 1.0
"""The quiet that a complaint without `Retry-After` brings to the whole connection."""

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class WayOut:
    """What every workspace's transport shares."""

    client: HttpClient
    connections: OpenConnections
    registry: Registry
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)


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

    # --- may it leave now? ---

    async def admit(self, connection: ConnectionInfo | None, turn: str) -> None:
        """Returns when the connection may be used. Raises `PutOff`; `turn` names who asks."""
        if connection is None:
            return
        with _book_is_away():
            refused = await self._way_out.connections.is_refused(self._workspace_id, connection.id)
        if refused:
            raise _until_mended(connection)
        limit = self._limit(connection)
        while seconds := limit.admit(turn, time.monotonic()):
            if seconds > LONGEST_WAIT_IN_HAND:
                until = _CLOCK.now() + timedelta(seconds=seconds)
                raise PutOff(until, f"Waits for its turn: “{connection.name}” takes no more now.")
            await asyncio.sleep(seconds)

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None:
        if isinstance(error, RetryLater):
            seconds = PAUSE_SECONDS if error.after is None else error.after.total_seconds()
            self._limit(connection).hold(seconds, time.monotonic())
            return
        words = " ".join(part for part in (error.message, error.fix) if part)
        with _book_is_away():
            stands = await self._way_out.connections.note_refused(
                self._workspace_id, connection.id, words
            )
        if stands:
            raise _until_mended(connection)
        raise PutOff(_CLOCK.now() + MENDED_MEANWHILE, "The connection was mended meanwhile.")

    def _limit(self, connection: ConnectionInfo) -> ConnectionLimit:
        # Ids of connections are unique, but the sandbox's; and the sandbox has no way out.
        return self._way_out.limits.of(connection.id, time.monotonic())

    # --- out ---

    async def deliver(
        self, connection: ConnectionInfo | None, request: Request, key: str
    ) -> Response:
        opened = await self._open(connection)
        if connection is None:
            return await self._sent(opened, request, key)
        limit, began, well = self._limit(connection), time.monotonic(), False
        limit.begin()
        try:
            answer = await self._sent(opened, request, key)
            well = answer.status < 400
        finally:
            now = time.monotonic()
            limit.end(now, now - began, well=well)
        if level := told_level(answer.headers):
            limit.heed_level(*level, now)
        return answer

    async def _sent(self, opened: OpenConnection | None, request: Request, key: str) -> Response:
        if isinstance(request, EmailRequest):
            return await self._mail(opened, request, key)
        return await self._http(opened, request)

    async def _open(self, connection: ConnectionInfo | None) -> OpenConnection | None:
        if connection is None:
            return None
        with _book_is_away():
            return await self._way_out.connections.get(self._workspace_id, connection.id)

    async def _http(self, opened: OpenConnection | None, request: HttpRequest) -> Response:
        redactor = opened.redactor if opened else _NO_SECRETS
        if opened is not None:
            request = put_secrets(self._app(opened), request, opened.info.settings, opened.secrets)
        answer = await self._way_out.client.send(outgoing(request))
        if isinstance(answer, OutboundResponse):
            return cleaned(answer, redactor)
        if answer.status is None or 300 <= answer.status < 400:
            # A redirect that leads nowhere tells nothing: it comes before an act, and after one.
            raise _mishap(answer, redactor, acting=request.method.upper() not in _READING)
        # The other side has decided; only its words are lost (too large, broken off half way).
        return Response(answer.status, {}, None)

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
        raise _mishap(answer, opened.redactor, acting=True)

    def _app(self, opened: OpenConnection) -> App:
        return self._way_out.registry.apps[opened.info.app]


_NO_SECRETS = Redactor(())
_READING = {"GET", "HEAD", "OPTIONS"}


def _mishap(failure: OutboundFailure, redactor: Redactor, *, acting: bool) -> Exception:
    """No usable answer: later, never, or nobody knows. Reading is never in doubt."""
    message = redactor.text(failure.message)
    if failure.sent and acting:
        return InDoubt(message)
    if failure.passing:
        return RetryLater(message)
    return NodeError(message, code=failure.kind.value)


@contextmanager
def _book_is_away() -> Iterator[None]:
    """A database that is locked, full or away is nobody's failure, so it costs a step no try."""
    try:
        yield
    except Busy:
        raise PutOff(_CLOCK.now() + BOOK_IS_AWAY, "Waits until the database answers.") from None


def _until_mended(connection: ConnectionInfo) -> PutOff:
    return PutOff(
        _CLOCK.now() + LOOK_AGAIN,
        f"Waiting for the connection “{connection.name}” to be mended.",
        {"connection": connection.id, "name": connection.name},
    )
