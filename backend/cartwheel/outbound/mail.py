"""One e-mail to one mail server through the guard, from message to receipt or failure.

What counts is the truth about the outcome: until the server was asked for its verdict on the whole
message nothing has been sent; a server that answers decides; only silence after the message's last
byte leaves the outcome unknown.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import aiosmtplib

from cartwheel.clock import Clock, SystemClock
from cartwheel.outbound.exchange import ExchangeError, FailureKind, OutboundFailure
from cartwheel.outbound.guard import AddressGuard, AddressRefused, NameUnknown
from cartwheel.outbound.message import Envelope, MailMessage, compose
from cartwheel.outbound.tls import certificate_words, client_tls

DEFAULT_MAIL_SECONDS = 60.0
_WORDS = 500
_LINE_STARTING_WITH_DOT = re.compile(rb"(?m)^\.")


class MailSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. Without a user name no sign-in is tried."""

    host: str
    port: int
    security: MailSecurity
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """The server took the message over: its reply code and words."""

    code: int
    words: str
    message_id: str


@dataclass(slots=True)
class _Progress:
    sent: bool = False


class Mailer:
    """Hands mail in through the guard. `tls` replaces the trusted authorities in tests."""

    def __init__(
        self,
        guard: AddressGuard,
        *,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
        timeout_seconds: float = DEFAULT_MAIL_SECONDS,
    ) -> None:
        self._guard, self._tls, self._timeout_seconds = guard, tls, timeout_seconds
        self._clock = clock or SystemClock()

    async def send(self, server: MailServer, message: MailMessage) -> MailReceipt | OutboundFailure:
        """Hand one message in. Never raises for what the server or the network does."""
        progress = _Progress()
        try:
            envelope = compose(message, self._clock.now())
            async with self._session(server, _helo_name(envelope)) as session:
                return await _hand_in(session, envelope, progress)
        except AddressRefused as refusal:
            return _refused(refusal)
        except ExchangeError as error:
            return error.failure(sent=progress.sent)

    async def check(self, server: MailServer) -> OutboundFailure | None:
        """Connect, encrypt and sign in, sending nothing; None when all of it works."""
        try:
            async with self._session(server, "localhost"):
                return None
        except AddressRefused as refusal:
            return _refused(refusal)
        except ExchangeError as error:
            return error.failure(sent=False)

    @asynccontextmanager
    async def _session(self, server: MailServer, helo: str) -> AsyncIterator[aiosmtplib.SMTP]:
        """A session that is encrypted and signed in, under one deadline for everything."""
        host = self._guard.check_mail_server(server.host, server.port)
        self._check_password_is_safe(server, host)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                session = await self._opened(server, host, helo)
                try:
                    yield session
                finally:
                    _say_goodbye(session)
        except _NETWORK_ERRORS as error:
            raise _mail_error(error, host, self._timeout_seconds) from error

    async def _opened(self, server: MailServer, host: str, helo: str) -> aiosmtplib.SMTP:
        session = aiosmtplib.SMTP(
            hostname=host,
            sock=await self._guard.connect(host, server.port),
            local_hostname=helo,
            timeout=self._timeout_seconds,
            use_tls=server.security is MailSecurity.TLS,
            start_tls=server.security is MailSecurity.STARTTLS,
            tls_context=self._tls or client_tls(),
        )
        try:
            await session.connect()
            if server.username:
                await session.login(server.username, server.password)
        except BaseException:
            session.close()
            raise
        return session

    def _check_password_is_safe(self, server: MailServer, host: str) -> None:
        unencrypted = server.security is MailSecurity.NONE and server.username
        if unencrypted and not self._guard.is_trusted(host, server.port):
            raise ExchangeError(
                FailureKind.BAD_REQUEST,
                "Without encryption the password would travel readable for anybody. "
                "Choose STARTTLS or TLS.",
            )


async def _hand_in(
    session: aiosmtplib.SMTP, envelope: Envelope, progress: _Progress
) -> MailReceipt:
    await session.mail(envelope.sender)
    await session.rcpt(envelope.recipient)
    ready = await session.execute_command(b"DATA")
    if ready.code != aiosmtplib.SMTPStatus.start_input:
        raise aiosmtplib.SMTPDataError(ready.code, ready.message)
    verdict = await _verdict_on(envelope.content, session, progress)
    if verdict.code >= 300:
        progress.sent = False
        raise aiosmtplib.SMTPDataError(verdict.code, verdict.message)
    return MailReceipt(verdict.code, verdict.message[:_WORDS], envelope.message_id)


async def _verdict_on(
    content: bytes, session: aiosmtplib.SMTP, progress: _Progress
) -> aiosmtplib.SMTPResponse:
    """The server's reply to the whole message; what breaks in here leaves the outcome unknown."""
    protocol = session.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    progress.sent = True
    protocol.write(_LINE_STARTING_WITH_DOT.sub(b"..", content) + b".\r\n")
    return await protocol.read_response()


def _say_goodbye(session: aiosmtplib.SMTP) -> None:
    """QUIT without waiting for the reply: manners must not change what happened."""
    if session.protocol is not None and session.is_connected:
        session.protocol.write(b"QUIT\r\n")
    session.close()


# --- what went wrong ----------------------------------------------------------------------

_NETWORK_ERRORS = (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError)


def _helo_name(envelope: Envelope) -> str:
    """The sender's domain: our machine's own name is nobody's business."""
    return envelope.sender.rpartition("@")[2]


def _refused(refusal: AddressRefused) -> OutboundFailure:
    return OutboundFailure(
        FailureKind.ADDRESS_REFUSED, refusal.detail, sent=False, rule=refusal.rule
    )


def _mail_error(error: Exception, host: str, seconds: float) -> ExchangeError:
    tls_error = _tls_error(error)
    if tls_error is not None:
        return ExchangeError(
            FailureKind.TLS,
            f"The secure connection to “{host}” failed: {certificate_words(tls_error)}. "
            "Check the kind of encryption and the port.",
        )
    match error:
        case aiosmtplib.SMTPResponseException():
            return _spoken_refusal(error, host)
        case NameUnknown():
            return ExchangeError(
                FailureKind.NAME_UNKNOWN,
                f"There is no mail server called “{host}”. Check it for a typing mistake.",
            )
        case TimeoutError():
            return ExchangeError(
                FailureKind.TIMED_OUT,
                f"The mail server “{host}” did not answer within {seconds:g} seconds.",
            )
        case aiosmtplib.SMTPServerDisconnected():
            return ExchangeError(
                FailureKind.BROKEN_OFF, f"The mail server “{host}” broke the connection off."
            )
        case OSError():
            return ExchangeError(
                FailureKind.NO_CONNECTION,
                f"The mail server “{host}” does not take connections at the moment.",
            )
    return ExchangeError(
        FailureKind.SERVER_REFUSED,
        f"The mail server “{host}” cannot do what the connection asks for: {error}",
    )


def _spoken_refusal(error: aiosmtplib.SMTPResponseException, host: str) -> ExchangeError:
    words = error.message[:_WORDS].encode("utf-8", "replace").decode()
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500:
        kind, what = FailureKind.SIGN_IN_REFUSED, "did not accept the user name and password"
    elif error.code < 400:
        kind, what = FailureKind.BAD_ANSWER, "gave an answer that makes no sense"
    elif error.code < 500:
        kind, what = FailureKind.SERVER_BUSY, "did not take the message for now"
    else:
        kind, what = FailureKind.SERVER_REFUSED, _refused_what(error)
    return ExchangeError(
        kind,
        f"The mail server “{host}” {what}: {error.code} {words}",
        status=error.code,
        words=words,
    )


def _refused_what(error: aiosmtplib.SMTPResponseException) -> str:
    match error:
        case aiosmtplib.SMTPRecipientRefused():
            return f"refused the recipient {error.recipient}"
        case aiosmtplib.SMTPSenderRefused():
            return f"refused the sender {error.sender}"
    return "refused the message"


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__
    return None
