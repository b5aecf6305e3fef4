"""A node's request and answer on their way through `outbound`."""

from urllib.parse import urlencode

import orjson

from cartwheel.node_sdk import HttpRequest, Response
from cartwheel.outbound.exchange import OutboundRequest, OutboundResponse
from cartwheel.outbound.redaction import Redactor


def outgoing(request: HttpRequest) -> OutboundRequest:
    """A request with its body encoded."""
    headers = dict(request.headers)
    body = b""
    if request.form is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        body = urlencode(request.form).encode()
    elif isinstance(request.body, str):
        body = request.body.encode()
    elif request.body is not None:
        headers.setdefault("Content-Type", "application/json")
        body = orjson.dumps(request.body, default=str)
    return OutboundRequest(
        request.method.upper(), request.url, headers, body, request.timeout_seconds
    )


def cleaned(answer: OutboundResponse, redactor: Redactor) -> Response:
    """An answer without the secrets that providers echo."""
    return Response(
        answer.status, redactor.headers(answer.headers), redactor.json(answer.content())
    )
