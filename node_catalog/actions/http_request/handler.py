"""Calls a web address and judges the answer by its status."""

from collections.abc import Mapping

from cartwheel.node_sdk import (
    IN_DOUBT_STATUSES,
    NOT_AUTHORISED,
    Context,
    Emit,
    HttpRequest,
    InDoubt,
    Json,
    NodeError,
    Response,
    RetryLater,
    asked_pause,
)

_READS = {"GET", "HEAD"}
_LATER = {408, 425, 429}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    request = _request(config, ctx.effect_key)
    answer = await (ctx.fetch if request.method in _READS else ctx.send)(request)
    if config.get("fails_on", "errors") == "errors":
        _judge(ctx, request.method, answer)
    headers = {name.lower(): text for name, text in answer.headers.items()}
    return Emit("done", {"status": answer.status, "headers": headers, "body": answer.body})


def _request(config: Mapping[str, Json], key: str) -> HttpRequest:
    method = config["method"]
    headers = dict(config.get("headers", {}))
    if method in _READS:
        return HttpRequest(method, config["url"], headers)
    body = config.get("body")
    if isinstance(body, str):
        _add(headers, "Content-Type", _text_type(body))
    # Many systems know this header and then take the same call only once; the others ignore it.
    _add(headers, "Idempotency-Key", key)
    return HttpRequest(method, config["url"], headers, body)


def _add(headers: dict[str, str], name: str, text: str) -> None:
    if name.lower() not in {given.lower() for given in headers}:
        headers[name] = text


def _text_type(body: str) -> str:
    is_json = body.lstrip()[:1] in {"{", "["}
    return "application/json" if is_json else "text/plain; charset=utf-8"


def _judge(ctx: Context, method: str, answer: Response) -> None:
    """Raises for a status from 400 up."""
    status = answer.status
    if status < 400:
        return
    said = f" It said: {answer.body[:200]}" if isinstance(answer.body, str) and answer.body else ""
    message = f"The address answered with status {status}.{said}"
    if status in IN_DOUBT_STATUSES and method not in _READS:
        raise InDoubt(message)
    if status in _LATER or status >= 500:
        raise RetryLater(message, after=asked_pause(answer.headers, ctx.now), pause=status == 429)
    if status == 401 and ctx.connection is not None:
        raise NodeError(message, code=NOT_AUTHORISED, fix="Enter the connection's keys again.")
    code = "not_found" if status == 404 else "refused"
    raise NodeError(message, code=code, fix="Check the address, the headers and the content.")
