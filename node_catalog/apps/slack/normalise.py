"""What comes from Slack is an answer to a question of ours, never an event."""

from collections.abc import Sequence

from cartwheel.node_sdk import Contradiction, Delivery, Happening, Json


def happenings(delivery: Delivery, payload: Json) -> Sequence[Happening]:  # noqa: ARG001
    """Raises `Contradiction`: nothing happens here."""
    raise Contradiction("Slack tells no events")
