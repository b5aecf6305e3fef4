"""An e-mail as a value, and as the bytes that a mail server takes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from cartwheel.outbound.addresses import HostError, canonical_host
from cartwheel.outbound.exchange import ExchangeError, FailureKind

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL_PART = 64
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,76}")
_OURS = frozenset(
    {
        "bcc",
        "cc",
        "date",
        "from",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "return-path",
        "sender",
        "subject",
        "to",
    }
)
# Seven-bit output: no server has to re-encode it, and no odd line of the text can end the message.
_POLICY = policy.SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One e-mail. Addresses are plain (`ann@shop.example`); names stand beside them.

    `message_key` makes the Message-ID: the same key gives the same one, so that a mailbox or a
    person can recognise a repetition.
    """

    sender: str
    to: str
    subject: str
    text: str
    message_key: str
    html: str | None = None
    sender_name: str = ""
    to_name: str = ""
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is said to the mail server: from whom, to whom, and the message's bytes."""

    sender: str
    recipient: str
    message_id: str
    content: bytes


def compose(message: MailMessage, now: datetime) -> Envelope:
    """The message in RFC 5322 form. Raises `ExchangeError` when a part of it cannot be sent."""
    sender = _address("sender", message.sender, message.sender_name)
    recipient = _address("recipient", message.to, message.to_name)
    mail = EmailMessage(policy=_POLICY)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"] = _one_line("subject", message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id = _message_id(message.message_key, sender)
    if message.reply_to:
        mail["Reply-To"] = _address("reply address", message.reply_to, "")
    for name, value in message.headers.items():
        mail[_header_name(name)] = _one_line(f"header “{name}”", value)
    _fill(mail, message)
    return Envelope(sender.addr_spec, recipient.addr_spec, message_id, mail.as_bytes())


def _fill(mail: EmailMessage, message: MailMessage) -> None:
    try:
        mail.set_content(message.text)
        if message.html is not None:
            mail.add_alternative(message.html, subtype="html")
    except UnicodeEncodeError as error:
        raise _unsendable("The text contains a character that cannot be sent.") from error


def _address(what: str, text: str, name: str) -> Address:
    local, _, domain = _one_line(what, text).strip().rpartition("@")
    if len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
        raise _bad_address(what, text)
    try:
        host = canonical_host(domain)
    except HostError as error:
        raise _bad_address(what, text) from error
    return Address(_one_line(f"{what}’s name", name), local, host)


def _message_id(key: str, sender: Address) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", key)
    return f"<{safe}@{sender.domain}>"


def _header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise _unsendable(f"“{name[:60]}” cannot be the name of a header.")
    if name.lower() in _OURS or name.lower().startswith("content-"):
        raise _unsendable(f"The header “{name}” is set by Cartwheel itself; remove it.")
    return name


def _one_line(what: str, text: str) -> str:
    if _CONTROL.search(text):
        raise _unsendable(
            f"The {what} contains a line break or another control character, which would let "
            "its text pass for further headers. Remove it."
        )
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise _unsendable(f"The {what} contains a character that cannot be sent.")
    return text


def _bad_address(what: str, text: str) -> ExchangeError:
    return _unsendable(f"The {what} “{text[:100]}” is not an e-mail address.")


def _unsendable(message: str) -> ExchangeError:
    return ExchangeError(FailureKind.BAD_REQUEST, message)
