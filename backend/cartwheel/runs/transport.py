"""The worker's way out: a step's request, with the secrets of its connection, through the guard.

What comes back is cleaned of those secrets by value before anything else sees it, because
providers echo what they were sent. A connection has a pace, an address without one has room for so
many calls, and a connection that its app does not accept is not used until somebody has mended it.
"""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from cartwheel.catalog.apps import App, put_secrets
from cartwheel.catalog.refusals import TOO_MANY_REQUESTS
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
    asked_pause,
)
from cartwheel.outbound.doors import Doors, Way, address_of, way_of
from cartwheel.outbound.exchange import OutboundFailure, OutboundResponse
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.limits import ConnectionLimit
from cartwheel.outbound.mail import MailReceipt
from cartwheel.outbound.redaction import Redactor
from cartwheel.outbound.told import told_level
from cartwheel.runs.doorway import Visitor, let_out
from cartwheel.runs.patience import PutOff
from cartwheel.runs.plan import PlannedStep
from cartwheel.runs.summons import Called

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
    called: Called = field(default_factory=lambda: Called(Doors()))

    @property
    def doors(self) -> Doors:
        return self.called.doors


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

    @asynccontextmanager
    async def place(
        self, connection: ConnectionInfo | None, request: Request, who: Visitor
    ) -> AsyncIterator[None]:
        """Room for one call, held until the end of the block. Raises `PutOff`."""
        if connection is not None:
            with _book_is_away():
                refused = await self._way_out.connections.is_refused(
                    self._workspace_id, connection.id
                )
            if refused:
                raise _until_mended(connection)
        way = self._way(connection, request)
        name = connection.name if connection else _host_of(request)
        await let_out(self._way_out.doors, self._way_out.called, way, who, name)
        try:
            yield
        finally:
            self._way_out.doors.leave(way, time.monotonic())

    async def heed(self, connection: ConnectionInfo, error: NodeError | RetryLater) -> None:
        if isinstance(error, RetryLater):
            seconds = PAUSE_SECONDS if error.after is None else error.after.total_seconds()
            # Whatever it was that was asked, its line is the connection's.
            line = self._line(way_of(self._workspace_id, "", connection.id))
            line.hold(seconds, time.monotonic())
            return
        words = " ".join(part for part in (error.message, error.fix) if part)
        with _book_is_away():
            stands = await self._way_out.connections.note_refused(
                self._workspace_id, connection.id, words
            )
        if stands:
            raise _until_mended(connection)
        raise PutOff(_CLOCK.now() + MENDED_MEANWHILE, "The connection was mended meanwhile.")

    def _way(self, connection: ConnectionInfo | None, request: Request) -> Way:
        # Ids of connections are unique, but the sandbox's; and the sandbox has no way out.
        if isinstance(request, HttpRequest):
            address = address_of(request.url)
        else:
            address = f"smtp {connection.settings.get('host', '')}" if connection else ""
        return way_of(self._workspace_id, address, connection.id if connection else None)

    def _line(self, way: Way) -> ConnectionLimit:
        return self._way_out.doors.line(way, time.monotonic())

    # --- out ---

    async def deliver(
        self, connection: ConnectionInfo | None, request: Request, key: str
    ) -> Response:
        """Send, from a `place`."""
        opened = await self._open(connection)
        line = self._line(self._way(connection, request))
        call = line.begin(time.monotonic())
        answer: Response | None = None
        try:
            answer = await self._sent(opened, request, key)
        finally:
            now = time.monotonic()
            well = answer is not None and answer.status < 400
            line.end(call, now, well=well, answered=answer is not None)
        if level := told_level(answer.headers, answer.body):
            line.heed_level(level, now)
        if connection is None and answer.status == TOO_MANY_REQUESTS:
            pause = asked_pause(answer.headers, _CLOCK.now())
            line.hold(pause.total_seconds() if pause else PAUSE_SECONDS, now)
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


def _host_of(request: Request) -> str:
    """What a merchant knows an address by: its host, and the port where it is no usual one."""
    if not isinstance(request, HttpRequest):
        return ""
    scheme, _, host = address_of(request.url).partition("://")
    return host.removesuffix(_USUAL_PORT.get(scheme, ""))


_USUAL_PORT = {"http": ":80", "https": ":443"}
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
