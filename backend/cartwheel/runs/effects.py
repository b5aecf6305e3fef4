"""Acts outside as the book keeps them: requests and answers in JSON, never with secrets.

A secret joins a request only on its way out, so what stands here can be shown and sent again.
"""

from dataclasses import fields
from typing import Any

import orjson

from cartwheel.node_sdk import EmailRequest, HttpRequest, Json, Request, Response
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.values import dataclass

LARGEST_KEPT_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredEffect:
    """An act that an earlier journey wrote down; `request` and `response` are JSON text.

    `started_at` (ms) is when it was first tried where its key counts, else when it was tried last.
    """

    status: str
    request: str
    response: str | None
    attempts: int
    started_at: int

    @property
    def is_in_doubt(self) -> bool:
        """It was on its way when whoever sent it stopped, or no answer ever came."""
        return self.status in {EffectStatus.SENDING, EffectStatus.UNKNOWN}


def request_json(request: Request) -> dict[str, Json]:
    """A request as stored: `kind` and the fields of the value."""
    kind = "email" if isinstance(request, EmailRequest) else "http"
    return {"kind": kind, **{each.name: getattr(request, each.name) for each in fields(request)}}


def read_request(text: str) -> Request:
    """The request that `request_json` wrote."""
    given: dict[str, Any] = orjson.loads(text)
    kind = given.pop("kind")
    return EmailRequest(**given) if kind == "email" else HttpRequest(**given)


def response_json(response: Response) -> dict[str, Json]:
    """An answer as stored; a large body is cut to what a person would read."""
    body = response.body
    if isinstance(body, str) and len(body) > LARGEST_KEPT_BODY:
        body = body[:LARGEST_KEPT_BODY]
    elif not isinstance(body, str) and len(orjson.dumps(body, default=str)) > LARGEST_KEPT_BODY:
        body = orjson.dumps(body, default=str)[:LARGEST_KEPT_BODY].decode("utf-8", "ignore")
    return {"status": response.status, "headers": dict(response.headers), "body": body}


def read_response(text: str | None) -> Response:
    """The answer that `response_json` wrote."""
    return Response(**(orjson.loads(text) if text else {"status": 200}))
