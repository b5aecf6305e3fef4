"""An answer as it comes in over the wire: status, headers and body, trusted in nothing."""

from collections.abc import Mapping

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from cartwheel.outbound.body import Body
from cartwheel.outbound.exchange import ExchangeError, FailureKind
from cartwheel.outbound.redirects import is_redirect
from cartwheel.values import dataclass

MAX_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names in lower case. A redirect that is followed has no body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class NotHttp(ExchangeError):
    """The other side speaks something else. The sentence comes from whoever knows the host."""

    def __init__(self) -> None:
        super().__init__(FailureKind.BAD_ANSWER, "")


class AnswerReader:
    """Reads one answer out of the pieces that arrive.

    `feed` and `end` raise `ExchangeError`. `is_complete` tells that `answer` may be asked for, and
    `may_go_on` that the connection can be used again.
    """

    def __init__(self, method: str, *, follows_redirects: bool) -> None:
        self._has_body = method != "HEAD"
        self._follows_redirects = follows_redirects
        self._parser = HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._has_more = False
        self._failure: ExchangeError | None = None
        self.status: int | None = None
        self.body: Body | None = None
        self.is_complete = False
        self.may_go_on = False

    @property
    def answer(self) -> Answer:
        """The answer. Raises `ExchangeError` when its packed body ends too early."""
        assert self.status is not None
        return Answer(self.status, self._headers, self.body.whole() if self.body else b"")

    def feed(self, data: bytes) -> None:
        """Take a piece in."""
        if self.status is None:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if self._failure is not None:
                raise self._failure from None
            if not self.is_complete:
                raise NotHttp from error
        if self.status is None and self._head_bytes > MAX_HEAD_BYTES:
            raise NotHttp

    def end(self) -> bool:
        """The connection has ended; whether that completes the answer: it does where no length was
        announced."""
        is_measured = self._headers.keys() & {"content-length", "transfer-encoding"}
        self.is_complete = self.is_complete or (self.status is not None and not is_measured)
        return self.is_complete

    def let_go(self) -> None:
        """The exchange is over. Parser and reader know each other: apart they are freed at once,
        together only when the collector comes by, and a busy worker feels its visits."""
        del self._parser

    # --- what the parser calls ---

    def on_message_begin(self) -> None:
        if self.status is not None:  # More than was asked for.
            self._has_more, self.may_go_on = True, False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.is_complete:
            return
        key, text = name.decode("latin-1").lower(), _text(value)
        known = self._headers.get(key)
        self._headers[key] = text if known is None else f"{known}, {text}"

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if self.is_complete or 100 <= status < 200:
            return
        self.status = status
        redirects = is_redirect(status, self._headers.get("location"))
        if not self._has_body or (self._follows_redirects and redirects):
            self.is_complete = True
            return
        try:
            self.body = Body(self._headers)
        except ExchangeError as error:
            self._failure = error
            raise

    def on_body(self, data: bytes) -> None:
        if self.body is None or self.is_complete:
            return
        try:
            self.body.feed(data)
        except ExchangeError as error:
            self._failure = error
            raise

    def on_message_complete(self) -> None:
        if self.status is None:  # An interim answer; the real one follows.
            self._headers, self._head_bytes = {}, 0
            return
        self.is_complete = True
        is_last = self._has_body and not self._has_more
        self.may_go_on = is_last and self._parser.should_keep_alive()


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
