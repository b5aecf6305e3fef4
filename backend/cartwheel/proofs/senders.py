"""With which connection a message to one of the workspace's own people can leave."""

from collections.abc import Iterable
from dataclasses import dataclass

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Registry
from cartwheel.connections.choosing import SANDBOX, PublicConnection
from cartwheel.node_sdk import Json
from cartwheel.proofs.door import CHANNELS, AddressKind, address_kind


@dataclass(frozen=True, slots=True)
class Sender:
    """A kind of message step, and a real connection that it can send with."""

    node_type: NodeType
    connection: PublicConnection

    def config(self, subject: str, text: str) -> dict[str, Json]:
        """The settings of a step that would write this. To whom is not theirs to say."""
        message = self.node_type.message
        assert message is not None
        words = {message.text: text}
        return {**words, message.subject: subject} if message.subject else words


def sender_for(
    registry: Registry, connections: Iterable[PublicConnection], kind: AddressKind
) -> Sender | None:
    """How to reach an address of this kind; None where no connection of the shop's can.

    The shop's usual connection of the first channel that has one. The sandbox reaches nobody.
    """
    real = [each for each in connections if each.app != SANDBOX and not each.is_refused]
    real.sort(key=lambda each: not each.is_default)
    for channel in (name for name, reaches in CHANNELS.items() if reaches is kind):
        for node_type in _writing(registry, channel):
            for connection in real:
                if connection.app in node_type.connection_apps:
                    return Sender(node_type, connection)
    return None


def _writing(registry: Registry, channel: str) -> Iterable[NodeType]:
    for node_type in registry.types:
        message = node_type.message
        if message and message.channel == channel and address_kind(node_type) is not None:
            yield registry.latest(node_type.name)
