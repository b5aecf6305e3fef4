"""The session cookie, and the two rules that guard it: where it may travel, and who may use it."""

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.sessions import LASTS_MS
from cartwheel.errors import Forbidden

COOKIE = "__Host-cartwheel"
CSRF_HEADER = "x-csrf-token"


def session_secret(headers: Headers) -> str | None:
    """What the browser's session cookie holds."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE) or None


def set_session_cookie(answer: Response, secret: str) -> None:
    """Give the browser its session."""
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=LASTS_MS // 1000,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(answer: Response) -> None:
    """Take the session from the browser."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def require_safe_transport(scope: Scope) -> None:
    """Raises `Forbidden` on plain http, except on the machine itself: there nobody listens in."""
    if scope.get("scheme") == "https" or is_loopback(_host(scope)):
        return
    raise Forbidden(
        "Signing in needs an encrypted connection (TLS). Open Cartwheel with https://, or on the "
        "server itself as http://localhost. If a proxy in front already speaks TLS, name it in "
        "CARTWHEEL_TRUSTED_PROXIES.",
        code="needs_tls",
    )


def require_same_origin(scope: Scope, public_url: str | None) -> None:
    """Raises `Forbidden` when a browser says that another site's page is asking.

    Programs send neither header; a browser always sends at least one with what changes something.
    """
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        allowed = site == "same-origin"
    else:
        allowed = origin is None or origin in _own_origins(scope, public_url)
    if not allowed:
        raise Forbidden("This request comes from another site's page.", code="cross_site")


def require_csrf_token(scope: Scope, caller: Caller) -> None:
    """Raises `Forbidden` unless the page proves that it could read `GET /api/session`."""
    given = Headers(scope=scope).get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), (caller.csrf or "").encode()):
        raise Forbidden(
            "The header X-CSRF-Token is missing or old. Read GET /api/session again.",
            code="csrf",
        )


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means the machine itself."""
    name = (host or "").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host(scope: Scope) -> str | None:
    """The host that stands in the browser's address line; a broken one is nobody's machine."""
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None


def _own_origins(scope: Scope, public_url: str | None) -> set[str]:
    origins = {f"{scope.get('scheme')}://{Headers(scope=scope).get('host', '')}"}
    if public_url:
        address = urlsplit(public_url)
        origins.add(f"{address.scheme}://{address.netloc}")
    return origins
