"""The gate in front of everything: whoever is not known gets in only where a table says so.

Nobody has to remember to protect a route. What is not in `OPEN_PATHS` answers 401 without a session
or a token, also where no route exists. Beyond that, reading asks for a viewer and everything else
for an editor; `VIEWERS_MAY` lists what changes nothing of the workspace's.
"""

from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cartwheel.accounts.caller import Caller, require
from cartwheel.accounts.cookies import (
    is_loopback,
    require_csrf_token,
    require_same_origin,
    session_secret,
)
from cartwheel.accounts.models import Role
from cartwheel.accounts.sessions import find_session, is_session_live
from cartwheel.errors import Unauthorized
from cartwheel.web.bodies import READING
from cartwheel.web.frontend import NOT_PAGES
from cartwheel.web.raw_routes import match_path


@dataclass(frozen=True, slots=True)
class OpenPath:
    """A method and path that ask for no session, and what protects it instead."""

    method: str
    path: str
    why: str


OPEN_PATHS = (
    OpenPath("GET", "/healthz", "tells only that the process is up"),
    OpenPath(
        "GET", "/readyz", "tells only whether the database can be written, and how late runs are"
    ),
    OpenPath("POST", "/api/session", "signing in, throttled"),
    OpenPath("POST", "/api/login-links/{token}", "signing in with a secret that works once"),
    OpenPath("GET", "/api/openapi.json", "the same for everybody"),
    OpenPath("GET", "/api/docs", "the same for everybody"),
    OpenPath("POST", "/hooks/{source}/{key}", "signed by the sender over the raw body"),
    OpenPath("GET", "/hooks/{source}/{key}", "handshakes, answered by the secret in the address"),
    OpenPath("GET", "/approve/{token}", "a secret in the address; looking decides nothing"),
    OpenPath("POST", "/approve/{token}", "a secret in the address that works once"),
)
PAGES = OpenPath("GET", "/{page}", "the canvas's files and pages hold no data of anybody")
LOOPBACK_PATHS = (OpenPath("GET", "/metrics", "open to the machine itself only"),)
VIEWERS_MAY = (
    ("DELETE", "/api/session"),
    ("POST", "/api/password"),
    ("POST", "/api/workflows/validate"),
    ("POST", "/api/workflows/variables"),
    ("POST", "/api/workflows/simulate"),
    ("POST", "/api/workflows/{id}/simulate"),
    ("POST", "/api/workflows/{id}/rehearse"),
    ("POST", "/api/workflows/{id}/rehearse/{id}"),
    ("POST", "/api/approvals/{id}"),
    ("PUT", "/api/approvals/{id}/items/{number}"),
)


@lru_cache(maxsize=1024)
def open_path(method: str, path: str) -> OpenPath | None:
    """The row that lets anybody in here, or None."""
    method = "GET" if method == "HEAD" else method
    for row in OPEN_PATHS:
        if row.method == method and match_path(row.path, path) is not None:
            return row
    is_page = path.startswith("/") and path.split("/")[1] not in NOT_PAGES
    return PAGES if method == "GET" and is_page else None


async def is_still_known(scope: Scope, caller: Caller) -> bool:
    """Whether the session or the token that a long answer began with still stands."""
    state = scope["app"].state
    if caller.session_id is not None:
        return await is_session_live(state.database, caller)
    _, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return await state.tokens.find(token.strip()) is not None


class Gate:
    """Middleware: finds out who asks, and lets nobody in by accident."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        self.app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["caller"] = await self._admit(scope)
        elif scope["type"] == "websocket":
            raise Unauthorized("There are no web sockets here.")
        await self.app(scope, receive, send)

    async def _admit(self, scope: Scope) -> Caller | None:
        """Who asks; None where anybody may. Raises the problem that says why not."""
        method, path = scope["method"], scope["path"]
        if open_path(method, path):
            if path.startswith("/api/") and method not in READING:
                require_same_origin(scope, self._public_url)
            return None
        if _is_loopback_path(method, path) and _comes_from_loopback(scope):
            return None
        caller = await self._caller(scope)
        if caller is None:
            raise Unauthorized(
                "Sign in first, or send an API token as 'Authorization: Bearer cw_…'.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        require(caller, _role_for(method, path))
        return caller

    async def _caller(self, scope: Scope) -> Caller | None:
        headers, state = Headers(scope=scope), scope["app"].state
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            found: Caller | None = await state.tokens.find(token.strip())
            return found
        secret = session_secret(headers)
        caller = await find_session(state.database, secret) if secret else None
        if caller and scope["method"] not in READING:
            require_same_origin(scope, self._public_url)
            require_csrf_token(scope, caller)
        return caller


def _role_for(method: str, path: str) -> Role:
    if method in READING:
        return Role.VIEWER
    allowed = any(verb == method and match_path(row, path) is not None for verb, row in VIEWERS_MAY)
    return Role.VIEWER if allowed else Role.EDITOR


def _is_loopback_path(method: str, path: str) -> bool:
    return any(row.method == method and row.path == path for row in LOOPBACK_PATHS)


def _comes_from_loopback(scope: Scope) -> bool:
    """A proxy here that nobody told us of makes strangers look local; its mark gives it away."""
    headers = Headers(scope=scope)
    host, _ = scope.get("client") or (None, 0)
    return is_loopback(host) and not {"x-forwarded-for", "forwarded"} & set(headers.keys())
