"""The door of proofs: whatever a step would send leaves for one verified address, or not at all.

Here the receiver is put in after every text was filled in, and every other way to a receiver is
shut: a proof is refused where its request is made of more than the step's own words. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from cartwheel.catalog.node_type import Message, NodeType
from cartwheel.catalog.request_block import RequestBlock, build_request
from cartwheel.clock import SystemClock
from cartwheel.node_sdk import (
    ConnectionInfo,
    EmailRequest,
    FindRows,
    HttpRequest,
    Json,
    Judgement,
    NodeError,
    RecordCommand,
    Request,
    Response,
)

_INSERTED = re.compile(r"\{config(/[^{}]*)?\}")
_KEPT_HEADERS = frozenset({"reply-to"})


class AddressKind(StrEnum):
    """What kind of address a person can show to be theirs."""

    EMAIL = "email"
    PHONE = "phone"


CHANNELS: Mapping[str, AddressKind] = {
    "email": AddressKind.EMAIL,
    "sms": AddressKind.PHONE,
    "whatsapp": AddressKind.PHONE,
}
"""The channels that end at an address which its owner can confirm with a code."""


def address_kind(node_type: NodeType) -> AddressKind | None:
    """By what kind of address a step's message reaches one person; None: it cannot be tried so."""
    message = node_type.message
    if message is None or message.category == "internal":
        return None
    return CHANNELS.get(message.channel)


async def addressed(
    node_type: NodeType,
    config: Mapping[str, Json],
    connection: ConnectionInfo,
    to: str,
    key: str,
) -> Request:
    """What a step would send with these filled-in settings, to `to` alone.

    Raises `NodeError` for a step whose receiver cannot be known to be that one.
    """
    message = node_type.message
    if message is None or address_kind(node_type) is None:
        raise _cannot_be_tried()
    own = {**config, message.to: to}
    if node_type.request is not None:
        _require_plain(node_type.request, message)
        return build_request(node_type.request, own, connection, key)
    if node_type.run is None or message.channel != "email":
        raise _cannot_be_tried()
    return _alone(await _written(node_type, own, connection, key), to)


def _require_plain(block: RequestBlock, message: Message) -> None:
    """The request takes the receiver from its one setting, and else only the message's words."""
    words = {f"/{name}" for name in (message.text, message.subject) if name}
    parts = (block.url, block.query, block.headers, block.body, block.form)
    read = set(_settings_read(parts))
    if f"/{message.to}" not in read or not read <= {f"/{message.to}", *words}:
        raise _cannot_be_tried()


def _settings_read(template: Json) -> Iterator[str]:
    """The pointers into the settings that a template inserts."""
    if isinstance(template, str):
        yield from (found[1] or "" for found in _INSERTED.finditer(template))
    elif isinstance(template, Mapping):
        if "$config" in template:
            yield str(template["$config"])
        for each in template.values():
            yield from _settings_read(each)
    elif isinstance(template, list | tuple):
        for each in template:
            yield from _settings_read(each)


async def _written(
    node_type: NodeType, config: Mapping[str, Json], connection: ConnectionInfo, key: str
) -> EmailRequest:
    """The e-mail that the step's handler composes."""
    desk = _WritingDesk(connection, key)
    assert node_type.run is not None
    await node_type.run(desk, config)
    if not isinstance(desk.request, EmailRequest):
        raise _cannot_be_tried()
    return desk.request


def _alone(request: EmailRequest, to: str) -> EmailRequest:
    headers = {
        name: text for name, text in request.headers.items() if name.lower() in _KEPT_HEADERS
    }
    return replace(request, to=to, headers=headers)


def _cannot_be_tried() -> NodeError:
    return NodeError(
        "A message of this kind cannot be sent to you alone.",
        code="cannot_be_tried",
        fix="Use the test run: it shows what would be sent.",
    )


class _WritingDesk:
    """A handler's context that takes down what it would send. Nothing can be read or kept from it.

    What a handler does beyond writing its message is no part of a proof, so it is refused.
    """

    passes, node_id = 0, ""

    def __init__(self, connection: ConnectionInfo, key: str) -> None:
        self.connection: ConnectionInfo | None = connection
        self.effect_key = key
        self.request: Request | None = None
        self.scope: Mapping[str, Json] = {}
        self.now = SystemClock().now()

    async def send(self, request: Request) -> Response:
        if self.request is not None:
            raise _cannot_be_tried()
        self.request = request
        return Response(250, {}, None)

    async def fetch(self, request: HttpRequest) -> Response:  # noqa: ARG002  (the protocol's)
        raise _cannot_be_tried()

    async def find_rows(self, wanted: FindRows) -> Mapping[str, Json]:  # noqa: ARG002
        raise _cannot_be_tried()

    async def keep(self, command: RecordCommand) -> Mapping[str, Json]:  # noqa: ARG002
        raise _cannot_be_tried()

    def read(self, path: str) -> Json:  # noqa: ARG002
        raise _cannot_be_tried()

    def evaluate(self, rules: Json) -> Judgement:  # noqa: ARG002
        raise _cannot_be_tried()
