"""One e-mail: what arrives, what is refused, and the truth about the outcome."""

import asyncio
import email
import email.policy
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from cartwheel.outbound.exchange import FailureKind, OutboundFailure
from cartwheel.outbound.guard import AddressGuard
from cartwheel.outbound.mail import Mailer, MailReceipt, MailSecurity, MailServer
from cartwheel.outbound.message import MailMessage
from tests.outbound.certificates import Certificates, certificates_for
from tests.outbound.stubs import Script, Stub, let_time_pass, listening

MESSAGE = MailMessage(
    sender="shop@candles.example",
    sender_name="Świeczki & Co",
    to="jan@kowalski.example",
    to_name="Jan Łukasz Kowalski",
    subject="Twoje zamówienie #1042 jest w drodze 🕯",
    text="Cześć Janie,\n.kropka na początku\n" + "x" * 2000 + "\n",
    message_key="0f0c-effect-key",
)


@dataclass(frozen=True)
class FixedClock:
    at: datetime = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Mailbox:
    """What a real mail server took in."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 2.0.0 Ok: queued as 4F1A"


def only_message(box: Mailbox) -> EmailMessage:
    """The one message in the box (aiosmtpd reads all its handler's attributes: no property)."""
    (envelope,) = box.envelopes
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@asynccontextmanager
async def mailbox(**options: Any) -> AsyncIterator[Mailbox]:
    box = Mailbox()
    with warnings.catch_warnings():
        # aiosmtpd warns about signing in without TLS, which one test wants.
        warnings.simplefilter("ignore")
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(box, hostname="localhost", loop=loop, **options), "127.0.0.1", 0
        )
        box.port = server.sockets[0].getsockname()[1]
        yield box
        server.close()


@pytest.fixture(scope="module")
def mail_certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder: Path = tmp_path_factory.mktemp("certificates")
    return certificates_for("mail.example", folder)


def mailer(port: int, certificates: Certificates | None = None) -> Mailer:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    guard = AddressGuard([f"mail.example:{port}"], lookup=lookup)
    tls = certificates.client if certificates else None
    return Mailer(guard, clock=FixedClock(), tls=tls)


def plain(port: int) -> MailServer:
    return MailServer("mail.example", port, MailSecurity.NONE)


async def test_a_message_arrives_as_it_was_written() -> None:
    async with mailbox() as box:
        message = replace(MESSAGE, html="<p>Cześć <b>Janie</b></p>", reply_to="hi@candles.example")
        outcome = await mailer(box.port).send(plain(box.port), message)

    assert outcome == MailReceipt(
        250, "2.0.0 Ok: queued as 4F1A", "<0f0c-effect-key@candles.example>"
    )
    arrived = only_message(box)
    assert arrived["Subject"] == MESSAGE.subject
    assert arrived["From"] == "Świeczki & Co <shop@candles.example>"
    assert arrived["To"] == "Jan Łukasz Kowalski <jan@kowalski.example>"
    assert arrived["Reply-To"] == "hi@candles.example"
    assert arrived["Message-ID"] == "<0f0c-effect-key@candles.example>"
    assert arrived["Date"].datetime == FixedClock().now()
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert html.get_content().strip() == "<p>Cześć <b>Janie</b></p>"
    assert box.envelopes[0].mail_from == "shop@candles.example"
    assert box.envelopes[0].rcpt_tos == ["jan@kowalski.example"]


async def test_a_message_is_seven_bit_clean_with_short_lines() -> None:
    async with mailbox() as box:
        await mailer(box.port).send(plain(box.port), MESSAGE)

    content = box.envelopes[0].content
    assert isinstance(content, bytes)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


async def test_our_machines_name_is_not_given_away() -> None:
    async with listening(_smtp({})) as stub:
        await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert stub.requests[0] == b"EHLO candles.example\r\n"


async def test_text_that_ends_a_message_does_not_end_it() -> None:
    smuggled = "Hello\r\n.\r\nMAIL FROM:<evil@evil.example>\r\nlone \r and \n.\n end"
    async with mailbox() as box:
        outcome = await mailer(box.port).send(plain(box.port), replace(MESSAGE, text=smuggled))

    assert isinstance(outcome, MailReceipt)
    assert len(box.envelopes) == 1
    body = only_message(box).get_body(("plain",))
    assert body is not None
    assert "MAIL FROM:<evil@evil.example>" in body.get_content()


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_sign_in_works_over_either_encryption(
    security: MailSecurity, mail_certificates: Certificates
) -> None:
    async with _encrypted_mailbox(security, mail_certificates) as box:
        server = MailServer("mail.example", box.port, security, "shop", "pässword")
        outcome = await mailer(box.port, mail_certificates).send(server, MESSAGE)
        check = await mailer(box.port, mail_certificates).check(server)

    assert isinstance(outcome, MailReceipt)
    assert check is None


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_a_wrong_password_is_named_and_nothing_was_sent(
    security: MailSecurity, mail_certificates: Certificates
) -> None:
    async with _encrypted_mailbox(security, mail_certificates) as box:
        server = MailServer("mail.example", box.port, security, "shop", "wrong")
        outcome = await mailer(box.port, mail_certificates).send(server, MESSAGE)
        check = await mailer(box.port, mail_certificates).check(server)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent, outcome.status) == (
        FailureKind.SIGN_IN_REFUSED,
        False,
        535,
    )
    assert "user name and password" in outcome.message
    assert check is not None
    assert check.kind is FailureKind.SIGN_IN_REFUSED
    assert not box.envelopes


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
async def test_a_certificate_nobody_vouches_for_is_refused(
    security: MailSecurity, mail_certificates: Certificates
) -> None:
    async with _encrypted_mailbox(security, mail_certificates) as box:
        server = MailServer("mail.example", box.port, security, "shop", "pässword")
        outcome = await mailer(box.port).send(server, MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.TLS, False)
    assert "certificate" in outcome.message


async def test_starttls_is_not_given_up_when_the_server_has_none() -> None:
    async with mailbox() as box:
        server = MailServer("mail.example", box.port, MailSecurity.STARTTLS)
        outcome = await mailer(box.port).send(server, MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.SERVER_REFUSED, False)
    assert "STARTTLS" in outcome.message
    assert not box.envelopes


async def test_a_password_does_not_travel_unencrypted_to_a_stranger() -> None:
    server = MailServer("mail.example", 587, MailSecurity.NONE, "shop", "secret")
    outcome = await Mailer(AddressGuard()).send(server, MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_REQUEST, False)
    assert "STARTTLS" in outcome.message


async def test_the_password_stands_in_no_representation() -> None:
    assert "zq91" not in repr(MailServer("m.example", 25, MailSecurity.TLS, "shop", "zq91-secret"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "a@b.example\r\nBcc: everybody@c.example"}, "recipient"),
        ({"to": "a@b.example\nX: y"}, "recipient"),
        ({"to": "a@b.example\rX: y"}, "recipient"),
        ({"to_name": "Jan\r\nBcc: everybody@c.example"}, "recipient’s name"),
        ({"subject": "Hello\r\nBcc: everybody@c.example"}, "subject"),
        ({"subject": "Hello\nX: y"}, "subject"),
        ({"subject": "Hello\x85X: y"}, "subject"),
        ({"subject": "Hello\u2028X: y"}, "subject"),
        ({"subject": "Hello\0"}, "subject"),
        ({"sender": "a@b.example\r\nX: y"}, "sender"),
        ({"sender_name": "Shop\r\nX: y"}, "sender’s name"),
        ({"reply_to": "a@b.example\r\nX: y"}, "reply address"),
        ({"headers": {"X-Campaign": "a\r\nBcc: everybody@c.example"}}, "X-Campaign"),
    ],
)
async def test_a_line_break_never_becomes_a_header(change: dict[str, object], words: str) -> None:
    async with mailbox() as box:
        outcome = await mailer(box.port).send(plain(box.port), replace(MESSAGE, **change))  # type: ignore[arg-type]

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_REQUEST, False)
    assert words in outcome.message
    assert "line break" in outcome.message
    assert not box.envelopes


@pytest.mark.parametrize(
    "address",
    ["", "jan", "@kowalski.example", "jan@", "jan@@b.example", "jan@a..b", "jan kowalski@b.example",
     "a@b.example, c@d.example", "<jan@b.example>", "jan@b.example>", "żółw@b.example",
     "jan@exa mple.com", "a" * 70 + " @b.example", 'a"b@c.example'],
)  # fmt: skip
async def test_what_is_no_address_is_named(address: str) -> None:
    outcome = await Mailer(AddressGuard()).send(plain(25), replace(MESSAGE, to=address))

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.BAD_REQUEST, False)
    assert "is not an e-mail address" in outcome.message


@pytest.mark.parametrize(
    "headers",
    [{"Bcc": "a@b.example"}, {"from": "x@y.example"}, {"Content-Type": "text/html"}, {"X Y": "z"},
     {"X:Y": "z"}, {"": "z"}, {"X\r\nY": "z"}],
)  # fmt: skip
async def test_headers_that_would_change_the_message_are_refused(headers: dict[str, str]) -> None:
    outcome = await Mailer(AddressGuard()).send(plain(25), replace(MESSAGE, headers=headers))

    assert isinstance(outcome, OutboundFailure)
    assert outcome.kind is FailureKind.BAD_REQUEST


async def test_headers_of_ones_own_arrive() -> None:
    headers = {"List-Unsubscribe": "<https://candles.example/u/1>"}
    async with mailbox() as box:
        await mailer(box.port).send(plain(box.port), replace(MESSAGE, headers=headers))

    assert only_message(box)["List-Unsubscribe"] == "<https://candles.example/u/1>"


async def test_a_domain_with_other_letters_is_sent_in_its_ascii_form() -> None:
    async with mailbox() as box:
        await mailer(box.port).send(plain(box.port), replace(MESSAGE, to="jan@bücher.example"))

    assert box.envelopes[0].rcpt_tos == ["jan@xn--bcher-kva.example"]


# --- what the server says ------------------------------------------------------------

HANG_UP = ""


@pytest.mark.parametrize(
    ("command", "reply", "kind", "sent"),
    [
        ("connect", "554 5.7.1 no service for you", FailureKind.SERVER_REFUSED, False),
        ("connect", "421 4.3.2 too busy", FailureKind.SERVER_BUSY, False),
        ("MAIL", "550 5.1.8 sender unknown", FailureKind.SERVER_REFUSED, False),
        ("MAIL", "451 4.3.0 try later", FailureKind.SERVER_BUSY, False),
        ("RCPT", "550 5.1.1 no such user here", FailureKind.SERVER_REFUSED, False),
        ("RCPT", "450 4.2.0 greylisted", FailureKind.SERVER_BUSY, False),
        ("RCPT", "452 4.2.2 mailbox full", FailureKind.SERVER_BUSY, False),
        ("DATA", "554 5.5.1 no", FailureKind.SERVER_REFUSED, False),
        ("content", "554 5.7.1 spam", FailureKind.SERVER_REFUSED, False),
        ("content", "451 4.7.1 later", FailureKind.SERVER_BUSY, False),
        ("connect", HANG_UP, FailureKind.NO_CONNECTION, False),
        ("MAIL", HANG_UP, FailureKind.BROKEN_OFF, False),
        ("RCPT", HANG_UP, FailureKind.BROKEN_OFF, False),
        ("DATA", HANG_UP, FailureKind.BROKEN_OFF, False),
        ("content", HANG_UP, FailureKind.BROKEN_OFF, True),
        ("content", "what?", FailureKind.BAD_ANSWER, True),
    ],
)
async def test_each_refusal_has_its_kind_its_words_and_its_truth(
    command: str, reply: str, kind: FailureKind, sent: bool
) -> None:
    async with listening(_smtp({command: reply})) as stub:
        outcome = await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (kind, sent)
    if reply[:3].isdigit():
        assert outcome.status == int(reply[:3])
        assert outcome.words == reply[4:]
        assert reply[4:] in outcome.message


async def test_a_refused_recipient_is_named() -> None:
    async with listening(_smtp({"RCPT": "550 5.1.1 no such user"})) as stub:
        outcome = await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert "refused the recipient jan@kowalski.example" in outcome.message
    assert not outcome.passing


@pytest.mark.parametrize(
    ("command", "sent"), [("connect", False), ("RCPT", False), ("content", True)]
)
async def test_silence_ends_with_the_deadline(command: str, sent: bool) -> None:
    async with listening(_smtp({command: None})) as stub:
        outcome = await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.TIMED_OUT, sent)


async def test_any_success_reply_is_a_success() -> None:
    async with listening(_smtp({"content": "252 taken over"})) as stub:
        outcome = await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert isinstance(outcome, MailReceipt)
    assert outcome.code == 252


async def test_a_server_without_manners_at_the_end_changes_nothing() -> None:
    async with listening(_smtp({"QUIT": HANG_UP})) as stub:
        outcome = await mailer(stub.port).send(plain(stub.port), MESSAGE)

    assert isinstance(outcome, MailReceipt)


async def test_an_unknown_mail_server_is_named() -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    outcome = await Mailer(AddressGuard(lookup=nobody)).send(
        MailServer("mial.example", 587, MailSecurity.STARTTLS), MESSAGE
    )

    assert isinstance(outcome, OutboundFailure)
    assert (outcome.kind, outcome.sent) == (FailureKind.NAME_UNKNOWN, False)
    assert "mial.example" in outcome.message


@asynccontextmanager
async def _encrypted_mailbox(
    security: MailSecurity, certificates: Certificates
) -> AsyncIterator[Mailbox]:
    box = Mailbox()
    starttls = security is MailSecurity.STARTTLS
    options: dict[str, Any] = {
        "authenticator": _only("shop", "pässword"),
        "auth_required": True,
        "auth_require_tls": starttls,
        "tls_context": certificates.server if starttls else None,
        "require_starttls": starttls,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(box, hostname="localhost", loop=loop, **options),
            "127.0.0.1",
            0,
            ssl=None if starttls else certificates.server,
        )
        box.port = server.sockets[0].getsockname()[1]
        yield box
        server.close()


def _only(username: str, password: str) -> Callable[..., AuthResult]:
    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        right = (given.login, given.password) == (username.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return authenticate


def _smtp(replies: dict[str, str | None]) -> Script:
    """A mail server that says these things; `HANG_UP` hangs up, None says nothing any more."""

    async def say(writer: asyncio.StreamWriter, moment: str, usual: str) -> None:
        reply = replies.get(moment, usual)
        if reply is None:
            # Python 3.11's `wait_for` loses a deadline that falls due in the very turn in which
            # what it waits for is done: let the client get as far as waiting for us.
            await asyncio.sleep(0.05)
            let_time_pass(3600)
            await asyncio.Event().wait()
        if reply == HANG_UP:
            raise ConnectionAbortedError
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()

    async def script(
        stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        usual = {"DATA": "354 go ahead", "QUIT": "221 bye"}
        await say(writer, "connect", "220 mail.example ESMTP")
        while line := await reader.readline():
            stub.requests.append(line)
            command = line[:4].decode().upper()
            await say(writer, command, usual.get(command, "250 ok"))
            if command == "DATA" and "DATA" not in replies:
                await reader.readuntil(b"\r\n.\r\n")
                await say(writer, "content", "250 queued")

    return script
