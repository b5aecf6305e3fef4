"""One HTTP call through the guard, from request to answer or failure, both of them values.

The wire is our own (`pool`, `connection`, `answer`; llhttp reads what comes in), at a sixth of the
work of httpx over aiohttp. httpx reads addresses, trusts authorities and takes the network's place
in tests. There is no cookie, no proxy of the environment, no repetition and no log line that
nobody decided on: what happens here is what the trace says. Why: docs/decisions/0018-the-wire.md.
"""

import asyncio
import ssl
from functools import lru_cache
from typing import Self

import httpx

from cartwheel.outbound.answer import Answer, AnswerReader, NotHttp
from cartwheel.outbound.connection import Gone
from cartwheel.outbound.exchange import (
    ExchangeError,
    FailureKind,
    OutboundFailure,
    OutboundRequest,
    OutboundResponse,
)
from cartwheel.outbound.guard import AddressGuard, AddressRefused, Target
from cartwheel.outbound.headers import wire_headers
from cartwheel.outbound.network_errors import broken_off, network_error, not_http, timed_out
from cartwheel.outbound.pool import Call, Pool, Progress
from cartwheel.outbound.redirects import (
    MAX_REDIRECTS,
    is_redirect,
    next_request,
    too_many_redirects,
)
from cartwheel.outbound.substitute import Substitute
from cartwheel.outbound.tls import client_tls

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_EMPTY_IS_SAID = frozenset({"POST", "PUT", "PATCH"})


class HttpClient:
    """Sends requests through the guard; one per process, entered once (`async with`).

    `transport` replaces the network in tests; URLs are judged all the same.
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._tls = tls
        self._way: Pool | Substitute | None = Substitute(transport) if transport else None
        self._loop: asyncio.AbstractEventLoop | None = None
        # Most steps call one address for ever.
        self._judged = lru_cache(maxsize=512)(guard.check_url)

    async def __aenter__(self) -> Self:
        if self._way is None:
            self._way = Pool(self._guard, self._tls or client_tls())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._way is not None:
            self._way.close()

    async def send(self, request: OutboundRequest) -> OutboundResponse | OutboundFailure:
        """Carry out one call. Never raises for what the other side or the network does."""
        progress = Progress()
        self._loop = self._loop or asyncio.get_running_loop()
        deadline = self._loop.time() + request.timeout_seconds
        try:
            return await self._follow(request, deadline, progress)
        except AddressRefused as refusal:
            return OutboundFailure(
                FailureKind.ADDRESS_REFUSED,
                refusal.detail,
                progress.sent,
                progress.status,
                rule=refusal.rule,
            )
        except TimeoutError:
            error = timed_out(progress.host, request.timeout_seconds, connected=progress.sent)
        except NotHttp:
            error = not_http(progress.host)
        except ExchangeError as mishap:
            error = mishap
        except Gone:
            error = broken_off(progress.host)
        except OSError as mishap:
            error = network_error(mishap, progress.host)
        return error.failure(sent=progress.sent, status=progress.status)

    async def _follow(
        self, request: OutboundRequest, deadline: float, progress: Progress
    ) -> OutboundResponse:
        for _ in range(MAX_REDIRECTS + 1):
            target = self._judged(request.url)
            progress.host = target.host
            answer = await self._call(request, target, deadline, progress)
            location = answer.headers.get("location")
            if location is None or not _is_followed(request, answer.status, location):
                return OutboundResponse(answer.status, answer.headers, answer.body, target.url)
            request = next_request(request, answer.status, location, self._guard.check_url)
        raise too_many_redirects()

    async def _call(
        self, request: OutboundRequest, target: Target, deadline: float, progress: Progress
    ) -> Answer:
        call = Call(target, _written(request, target), deadline)
        progress.status = None
        try:
            return await self._exchange(request, call, progress)
        except Gone:
            reading = request.method.upper() in _READING
            if not (progress.reused and reading and progress.status is None):
                raise
        # Reading twice does no harm, and a connection kept alive too long is nobody's failure.
        return await self._exchange(request, call, progress)

    async def _exchange(self, request: OutboundRequest, call: Call, progress: Progress) -> Answer:
        if self._way is None:
            raise RuntimeError("HttpClient is used before `async with` opened it")
        reader = AnswerReader(request.method.upper(), follows_redirects=request.follow_redirects)
        try:
            return await self._way.exchange(call, reader, progress)
        finally:
            progress.status = reader.status
            reader.let_go()


def _is_followed(request: OutboundRequest, status: int, location: str) -> bool:
    return request.follow_redirects and is_redirect(status, location)


def _written(request: OutboundRequest, target: Target) -> bytes:
    """The request as its bytes. Raises `ExchangeError` for what cannot be sent."""
    method = request.method.upper()
    if method not in _METHODS:
        raise ExchangeError(FailureKind.BAD_REQUEST, f"“{method[:20]}” is not an HTTP method.")
    lines = [method.encode() + _start(target.url)]
    lines += [name + b": " + value for name, value in wire_headers(request.headers)]
    if request.body or method in _EMPTY_IS_SAID:
        lines.append(b"content-length: %d" % len(request.body))
    return b"\r\n".join((*lines, b"", request.body))


@lru_cache(maxsize=512)
def _start(url: str) -> bytes:
    """What follows the method: the path as it may stand in a request, and the host."""
    try:
        read = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ExchangeError(
            FailureKind.BAD_REQUEST, "The address contains characters that cannot be sent."
        ) from error
    return b" " + read.raw_path + b" HTTP/1.1\r\nhost: " + read.netloc
