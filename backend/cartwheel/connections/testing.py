"""Does a connection work? A harmless request through the same way out that steps use."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartwheel.catalog.apps import App, put_secrets
from cartwheel.catalog.refusals import refusal
from cartwheel.catalog.request_block import RequestBlock, build_request
from cartwheel.clock import SystemClock
from cartwheel.connections.models import ConnectionStatus
from cartwheel.connections.open import mail_server
from cartwheel.connections.requests import cleaned, outgoing
from cartwheel.node_sdk import ConnectionInfo, HttpRequest, Json, NodeError, Response
from cartwheel.outbound.exchange import OutboundFailure
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.http import HttpClient
from cartwheel.outbound.mail import Mailer
from cartwheel.outbound.redaction import Redactor

MAIL_SECONDS = 20.0
_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test told; `error` is the provider's refusal in words, without our secrets."""

    status: ConnectionStatus
    error: str | None = None

    @property
    def failed(self) -> bool:
        return self.status is ConnectionStatus.BROKEN


class ConnectionTester:
    """Tests through the guard."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._mailer = Mailer(guard, timeout_seconds=MAIL_SECONDS)

    async def test(self, app: App, info: ConnectionInfo, secrets: Mapping[str, str]) -> Tested:
        """Never raises for what the other side does. Untested where there is nothing to ask, or no
        key yet to ask with."""
        redactor = Redactor(secrets.values())
        if app.protocol == "smtp":
            refused = await self._mailer.check(mail_server(info.settings, secrets))
            return _broken(redactor.text(refused.message)) if refused else _OK
        if app.test is None:
            return _OK if app.protocol == "none" else Tested(ConnectionStatus.UNTESTED)
        try:
            request = _request(app, app.test, info, secrets)
        except NodeError as error:
            missing = error.code == "missing_setting"
            return Tested(ConnectionStatus.UNTESTED) if missing else _broken(error.message)
        return await self._ask(app, request, redactor)

    async def read(
        self, app: App, block: RequestBlock, info: ConnectionInfo, secrets: Mapping[str, str]
    ) -> Json:
        """What the app answers to a harmless question, as JSON without our secrets.

        Raises `NodeError` with the reason, in words, where it does not.
        """
        redactor = Redactor(secrets.values())
        answer = await self._answer(app, _request(app, block, info, secrets), redactor)
        if isinstance(answer, str):
            raise NodeError(answer, code="refused")
        return answer.body

    async def _ask(self, app: App, request: HttpRequest, redactor: Redactor) -> Tested:
        answer = await self._answer(app, request, redactor)
        return _broken(answer) if isinstance(answer, str) else _OK

    async def _answer(self, app: App, request: HttpRequest, redactor: Redactor) -> Response | str:
        """The app's answer, or why there is none that counts."""
        async with HttpClient(self._guard) as client:
            answer = await client.send(outgoing(request))
        if isinstance(answer, OutboundFailure):
            return redactor.text(answer.message)
        clean = cleaned(answer, redactor)
        refused = refusal(app.refusals, clean, _CLOCK.now())
        if refused is None:
            return clean
        fix = refused.fix if isinstance(refused, NodeError) else None
        return " ".join(part for part in (refused.message, fix) if part)


_OK = Tested(ConnectionStatus.OK)


def _broken(words: str) -> Tested:
    return Tested(ConnectionStatus.BROKEN, words)


def _request(
    app: App, block: RequestBlock, info: ConnectionInfo, secrets: Mapping[str, str]
) -> HttpRequest:
    return put_secrets(app, build_request(block, {}, info), info.settings, secrets)
