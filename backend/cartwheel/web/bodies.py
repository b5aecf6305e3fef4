"""Request bodies: bounded before they are read, one declared type, strict JSON."""

import re
from typing import Any

from orjson import dumps
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cartwheel.errors import Problem, TooLarge
from cartwheel.web.strict_json import read_json

API_LIMIT_BYTES = 1024 * 1024
FILE_LIMIT_BYTES = 14 * 1024 * 1024
"""A file of 10 MB in base64, and what stands around it."""

_FILES = re.compile(r"/api/tables/(file|[^/]+/import)")
_MANY_DIGITS = re.compile(rb"\d{19}")
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class UnknownBody(Problem):
    """The body is of a type that we do not read."""

    status, code = 415, "unsupported_media_type"


class Disconnected(Problem):
    """The caller went away in the middle of the body."""

    status, code = 400, "incomplete_body"


async def read_body(scope: Scope, receive: Receive, limit_bytes: int) -> bytes:
    """The whole body. Raises `TooLarge`, before reading if the length is announced."""
    announced = Headers(scope=scope).get("content-length", "0")
    if not announced.isdecimal():
        raise Problem("The Content-Length is not a number.", code="bad_length")
    if int(announced) > limit_bytes:
        raise _too_large(limit_bytes)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected("The connection ended before the whole body had arrived.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        chunks.append(chunk)
        if not message.get("more_body"):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(f"The body is larger than {limit_bytes // 1024:,} KiB, the most we take.")


def require_json(scope: Scope) -> None:
    """Raises `UnknownBody` unless the body is declared as UTF-8 JSON."""
    declared = Headers(scope=scope).get("content-type", "")
    media_type, _, parameters = declared.partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if media_type.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise UnknownBody("Send JSON, with the header 'Content-Type: application/json'.")


class StrictBodies:
    """Middleware for `/api`: a body is at most 1 MiB (where it holds a file 14), declared as JSON,
    and strictly JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _carries_body(scope):
            await self.app(scope, receive, send)
            return
        limit = FILE_LIMIT_BYTES if _FILES.fullmatch(scope["path"]) else API_LIMIT_BYTES
        body = await read_body(scope, receive, limit)
        if body:
            require_json(scope)
            body = _as_read(body, read_json(body))
        await self.app(scope, _again(body, receive), send)


def _carries_body(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["path"].startswith("/api/")
        and scope["method"] not in READING
    )


def _as_read(body: bytes, value: Any) -> bytes:
    """The body for the reader behind us, which would keep all digits of a number so large that
    nothing can store it; as everywhere else, it becomes a float."""
    return dumps(value) if _MANY_DIGITS.search(body) else body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever the connection says next."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
