"""Problem documents (RFC 9457) as ASGI messages, for code in front of the web framework too."""

import logging
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cartwheel.clock import new_id
from cartwheel.errors import Problem
from cartwheel.languages import said

PROBLEM_JSON = "application/problem+json"
_log = logging.getLogger(__name__)


async def send_json(
    send: Send,
    status: int,
    value: Any,
    *,
    media_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> None:
    """Answer with `value` as JSON."""
    body = orjson.dumps(value, default=str)
    lines = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    for name, text in (headers or {}).items():
        lines.append((name.lower().encode(), text.encode("latin-1")))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def send_problem(send: Send, problem: Problem) -> None:
    """Answer with a problem document."""
    await send_json(
        send, problem.status, _document(problem), media_type=PROBLEM_JSON, headers=problem.headers
    )


def problem_response(problem: Problem) -> Response:
    """A problem document for the web framework to send."""
    return Response(
        orjson.dumps(_document(problem), default=str),
        problem.status,
        problem.headers,
        media_type=PROBLEM_JSON,
    )


def _document(problem: Problem) -> dict[str, Any]:
    """The document with its sentences in the reader's language."""
    document = problem.document()
    document["detail"] = said(document["detail"])
    if isinstance(found := document.get("problems"), list):
        document["problems"] = [_said_problem(each) for each in found]
    return document


def _said_problem(problem: Any) -> Any:
    if not isinstance(problem, dict):
        return problem
    words = {
        name: said(text)
        for name in ("message", "fix")
        if isinstance(text := problem.get(name), str)
    }
    return {**problem, **words}


class Answered:
    """Middleware: every error becomes an answer. Problems say what is wrong; the rest is our bug.

    A bug gets an id that stands in the answer and beside the trace in the log, and nothing more.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def remember(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, remember)
        except Problem as problem:
            if started:
                raise
            await send_problem(send, problem)
        except Exception as error:
            if started:
                raise
            await send_problem(send, _bug(scope, error))


def _bug(scope: Scope, error: Exception) -> Problem:
    incident = new_id()
    _log.error("Incident %s at %s %s", incident, scope["method"], scope["path"], exc_info=error)
    return Problem(
        "Something went wrong on our side, not on yours. The log says more under this incident.",
        code="internal_error",
        status=500,
        incident=incident,
    )
