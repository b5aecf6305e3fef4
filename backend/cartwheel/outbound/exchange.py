"""What goes out and what comes back, as values: request, response, failure."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

import orjson

from cartwheel.values import dataclass

DEFAULT_TIMEOUT_SECONDS = 30.0


class FailureKind(StrEnum):
    """Why there is no answer to work with. The values are stable: they reach step records."""

    ADDRESS_REFUSED = "address_refused"
    BAD_REQUEST = "bad_request"
    NAME_UNKNOWN = "name_unknown"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    BAD_ANSWER = "bad_answer"
    BAD_REDIRECT = "bad_redirect"
    SIGN_IN_REFUSED = "sign_in_refused"
    SERVER_BUSY = "server_busy"
    SERVER_REFUSED = "server_refused"


_PASSING = frozenset(
    {
        FailureKind.NAME_UNKNOWN,
        FailureKind.NO_CONNECTION,
        FailureKind.TIMED_OUT,
        FailureKind.BROKEN_OFF,
        FailureKind.TOO_SLOW,
        FailureKind.SERVER_BUSY,
    }
)


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """One HTTP call, ready to leave: body encoded, secrets in place (so `repr` shows neither).

    `timeout_seconds` covers everything from the name lookup to the last byte of the answer,
    redirects included.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    follow_redirects: bool = True


@dataclass(frozen=True, slots=True)
class OutboundResponse:
    """The answer, whatever its status: decompressed body, header names in lower case.

    `url` is where the answer came from after redirects.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    url: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The body as text, by the charset its sender named, else UTF-8; never raises."""
        charset = self.headers.get("content-type", "").lower().partition("charset=")[2]
        try:
            return self.body.decode(charset.split(";")[0].strip("\"' ") or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def content(self) -> Any:
        """The body as a JSON value where it is JSON, else as text; None when there is none."""
        if not self.body:
            return None
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return self.text


@dataclass(frozen=True, slots=True)
class OutboundFailure:
    """No usable answer.

    `sent` is False only when certainly nothing reached the other side that it could act on: then
    the call may be repeated. True means that the outcome is unknown, unless `status` (HTTP status
    or SMTP reply code) says it. `message` is a sentence for the merchant, without secrets of ours;
    `words` is what the other side said; `rule` the guard's rule for `ADDRESS_REFUSED`.
    """

    kind: FailureKind
    message: str
    sent: bool
    status: int | None = None
    words: str | None = None
    rule: str | None = None

    @property
    def passing(self) -> bool:
        """Whether the same call may well succeed later, without anybody changing anything."""
        return self.kind in _PASSING


class ExchangeError(Exception):
    """Ends an exchange with a failure of this kind; the message is the merchant's sentence."""

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        status: int | None = None,
        words: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.status, self.words = kind, message, status, words

    def failure(self, *, sent: bool, status: int | None = None) -> OutboundFailure:
        """The value that the caller gets."""
        return OutboundFailure(self.kind, self.message, sent, self.status or status, self.words)
