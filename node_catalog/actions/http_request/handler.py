"""Calls a web address and judges the answer by its status."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Context, Emit, HttpRequest, Json, NodeError, Response, RetryLater

_READS = {"GET", "HEAD"}
_LATER = {408, 425, 429}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    request = _request(config, ctx.effect_key)
    answer = await (ctx.fetch if request.method in _READS else ctx.send)(request)
    if config.get("fails_on", "errors") == "errors":
        _judge(answer)
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


def _judge(answer: Response) -> None:
    """Raises for a status from 400 up."""
    if answer.status < 400:
        return
    said = f" It said: {answer.body[:200]}" if isinstance(answer.body, str) and answer.body else ""
    message = f"The address answered with status {answer.status}.{said}"
    if answer.status in _LATER or answer.status >= 500:
        raise RetryLater(message, after=_pause(answer))
    code = "not_found" if answer.status == 404 else "refused"
    raise NodeError(message, code=code, fix="Check the address, the headers and the content.")


def _pause(answer: Response) -> timedelta | None:
    """The wait in seconds that the other side asked for, at most a day."""
    for name, text in answer.headers.items():
        if name.lower() == "retry-after" and text.strip().isdecimal():
            return timedelta(seconds=min(int(text), 86_400))
    return None
