"""The routes in front of the web framework: signed webhooks, and events that programs report.

The framework's work per request would cost more than all of theirs. The answer is given after the
commit, never before.
"""

from typing import Any

from starlette.types import Receive, Scope, Send

from cartwheel.approvals import slack
from cartwheel.approvals.presses import take_press
from cartwheel.catalog.registry import Registry
from cartwheel.connections.hooks import Hooks
from cartwheel.events.service import Inbox, api_event
from cartwheel.events.store import Accepted, Arrival
from cartwheel.web.bodies import API_LIMIT_BYTES, read_body, require_json
from cartwheel.web.problems import PROBLEM_JSON, send_json
from cartwheel.web.raw_routes import RawRoute
from cartwheel.web.strict_json import read_json
from cartwheel.webhooks.reports import REPORT_SCHEMA, read_report
from cartwheel.webhooks.senders import Senders, refused

WEBHOOK_LIMIT_BYTES = 5 * 1024 * 1024
_HANDSHAKE = b"Cartwheel takes signed webhooks here, with POST.\n"


class Ingress:
    """What the routes share in a process."""

    def __init__(self, inbox: Inbox, hooks: Hooks, registry: Registry) -> None:
        self.inbox = inbox
        self.senders = Senders(hooks, registry)

    async def close(self) -> None:
        """Commit what is under way."""
        await self.inbox.close()


async def take_webhook(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /hooks/{source}/{key}`: 200 when it is committed, and for a duplicate too."""
    ingress, place = _ingress(scope), scope["path_params"]
    body = await read_body(scope, receive, WEBHOOK_LIMIT_BYTES)
    if place["source"] == slack.APP:
        await _answer_press(scope, send, body)
        return
    arrival = await ingress.senders.read(place["source"], place["key"], scope["headers"], body)
    if arrival is None:
        await send_json(send, 200, {"id": None, "duplicate": False})
        return
    await _answer(send, 200, await ingress.inbox.take(arrival))


async def _answer_press(scope: Scope, send: Send, body: bytes) -> None:
    """A button in Slack: 200 when the answer is committed, and when it came too late."""
    place, state = scope["path_params"], scope["app"].state
    senders = _ingress(scope).senders
    hook = await senders.prove(slack.APP, place["key"], scope["headers"], body)
    press, words = slack.read_press(body), None
    if press is not None:
        here = (hook.workspace_id, hook.connection_id)
        words = await take_press(state.database, state.bell, *here, press)
    await send_json(send, 200, {"text": words} if words else {})


async def shake_hands(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """`GET /hooks/{source}/{key}`: tells senders that look first that somebody is here."""
    place = scope["path_params"]
    if not await _ingress(scope).senders.knows(place["source"], place["key"]):
        raise refused()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(_HANDSHAKE)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _HANDSHAKE})


async def report_event(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /api/events`: 202 when it is committed, and for a duplicate too."""
    body = await read_body(scope, receive, API_LIMIT_BYTES)
    require_json(scope)
    report = read_report(read_json(body))
    workspace_id = scope["caller"].workspace_id
    event = api_event(workspace_id, report.type, report.data, report.id, report.contact)
    await _answer(send, 202, await _ingress(scope).inbox.take(Arrival(event)))


def _ingress(scope: Scope) -> Ingress:
    found: Ingress = scope["app"].state.ingress
    return found


async def _answer(send: Send, status: int, accepted: Accepted) -> None:
    await send_json(send, status, {"id": accepted.id, "duplicate": accepted.duplicate})


# --- the routes, and what the API's description says of them ---


def _answers(status: str, meaning: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {status: {"description": meaning, "content": {kind: {"schema": schema}}}}


_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_REFUSED = _answers(
    "401", "The key or the signature is wrong; nothing more is said.", PROBLEM_JSON, _PROBLEM
)
_KNOWN_AS = {
    "type": "object",
    "required": ["id", "duplicate"],
    "properties": {
        "id": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "duplicate": {"type": "boolean", "description": "It was here before; nothing runs twice"},
    },
}
_STORED = "Stored, now or before"
_WEBHOOK = {
    "tags": ["webhooks"],
    "summary": "Take a signed webhook",
    "description": "The signature is checked over the raw bytes, of which there may be 5 MiB.",
    "requestBody": {"content": {"application/json": {"schema": {}}}},
    "responses": {**_answers("200", _STORED, "application/json", _KNOWN_AS), **_REFUSED},
}
_GREETING = {
    "tags": ["webhooks"],
    "summary": "Answer a handshake",
    "responses": {
        **_answers("200", "Webhooks may come", "text/plain", {"type": "string"}),
        **_REFUSED,
    },
}
_REPORT = {
    "tags": ["events"],
    "summary": "Report an event",
    "description": "It is stored when this answers. With an `id` it happens once.",
    "requestBody": {"required": True, "content": {"application/json": {"schema": REPORT_SCHEMA}}},
    "responses": _answers("202", _STORED, "application/json", _KNOWN_AS),
}
INGRESS = (
    RawRoute("POST", "/hooks/{source}/{key}", take_webhook, _WEBHOOK),
    RawRoute("GET", "/hooks/{source}/{key}", shake_hands, _GREETING),
    RawRoute("POST", "/api/events", report_event, _REPORT),
)
