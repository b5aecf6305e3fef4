"""Where a redirect leads, and what may go along. Pure but for the guard's judgement."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin

from cartwheel.outbound.exchange import ExchangeError, FailureKind, OutboundRequest
from cartwheel.outbound.guard import Target
from cartwheel.outbound.headers import without_content, without_secrets

MAX_REDIRECTS = 3

_BECOMES_GET = frozenset({301, 302, 303})
_KEEPS_METHOD = frozenset({307, 308})
_REDIRECTS = _BECOMES_GET | _KEEPS_METHOD


def is_redirect(status: int, location: str | None) -> bool:
    """Whether an answer asks to call another address."""
    return status in _REDIRECTS and bool(location)


def next_request(
    request: OutboundRequest,
    status: int,
    location: str,
    check_url: Callable[[str], Target],
) -> OutboundRequest:
    """The request that follows a redirect.

    Raises `AddressRefused` when the guard forbids the new address and `ExchangeError` when
    following would give something away: encryption, or a body to another host.
    """
    before = check_url(request.url)
    after = check_url(_joined(before.url, location))
    if before.scheme == "https" and after.scheme == "http":
        raise _bad_redirect("from an encrypted address to an unencrypted one")
    following = replace(request, url=after.url)
    if status in _BECOMES_GET:
        following = _without_body(following)
    if _same_host(before, after):
        return following
    if following.body:
        raise _bad_redirect(
            f"to another server (“{after.host}”), and data is not handed on to a server that the "
            "step does not name"
        )
    return replace(following, headers=without_secrets(following.headers))


def too_many_redirects() -> ExchangeError:
    """More hops than anybody needs: a loop."""
    return ExchangeError(
        FailureKind.BAD_REDIRECT,
        f"The server redirected more than {MAX_REDIRECTS} times; the address seems to lead in "
        "circles.",
    )


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise _bad_redirect("to an address that cannot be read") from error


def _without_body(request: OutboundRequest) -> OutboundRequest:
    method = "HEAD" if request.method.upper() == "HEAD" else "GET"
    return replace(request, method=method, body=b"", headers=without_content(request.headers))


def _same_host(before: Target, after: Target) -> bool:
    upgraded = (before.port, after.port) == (80, 443)
    return before.host == after.host and (before.port == after.port or upgraded)


def _bad_redirect(where: str) -> ExchangeError:
    return ExchangeError(
        FailureKind.BAD_REDIRECT, f"The server redirected {where}. Put the final address in."
    )
