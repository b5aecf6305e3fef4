"""Messages of steps that write to somebody, when the sandbox takes them."""

from collections.abc import Mapping

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.request_block import read_output
from cartwheel.node_sdk import ConnectionInfo, EmailRequest, Json, OutboxMessage, Response

SANDBOX = "sandbox"


def is_sandbox(node_type: NodeType, connection: ConnectionInfo | None) -> bool:
    """Whether this step's message goes to the outbox instead of to a provider."""
    return node_type.message is not None and connection is not None and connection.app == SANDBOX


def is_mail(node_type: NodeType) -> bool:
    """Whether the step writes an e-mail, which its handler composes the same for every server."""
    return node_type.message is not None and node_type.message.channel == "email"


def outbox_message(node_type: NodeType, config: Mapping[str, Json]) -> OutboxMessage:
    """The message that these settings describe. Raises `ValueError` for a step without one."""
    fields = node_type.message
    if fields is None:
        raise ValueError(f"{node_type.ref} writes to nobody")
    return OutboxMessage(
        channel=fields.channel,
        to=str(config.get(fields.to) or ""),
        text=str(config.get(fields.text) or ""),
        subject=str(config.get(fields.subject) or "") if fields.subject else None,
    )


def outbox_mail(request: EmailRequest) -> OutboxMessage:
    """An e-mail as the outbox shows it."""
    return OutboxMessage("email", request.to, request.text, request.subject, request.html)


def sandbox_output(node_type: NodeType, config: Mapping[str, Json], answer: Response) -> Json:
    """What later steps see of a message that went to the outbox: the shape of the real thing.

    Where the provider would have given an id stands the outbox's own.
    """
    names = node_type.output_schema.get("properties", {})
    shaped = {name: config.get(name) for name in names}
    if node_type.request is not None:
        shaped |= read_output(node_type.request, config, Response(200, body={})) or {}
    number = answer.body.get("id") if isinstance(answer.body, Mapping) else None
    return {
        name: number if value is None and name.endswith("id") else value
        for name, value in shaped.items()
    }
