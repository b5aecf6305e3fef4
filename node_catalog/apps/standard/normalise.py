"""What a Standard Webhook tells: its own `type`, and its `data` as it stands."""

from collections.abc import Mapping, Sequence

from cartwheel.node_sdk import Delivery, Happening, Json
from node_catalog.objects.reading import contact_of, label_of


def happenings(delivery: Delivery, payload: Json) -> Sequence[Happening]:
    """The one thing that happened: `{"type", "data"}`, or a payload without an envelope."""
    envelope = payload if isinstance(payload, Mapping) else {}
    name = envelope.get("type")
    data = envelope.get("data") if "data" in envelope else payload
    data = data if isinstance(data, Mapping) else {"payload": data}
    return [
        Happening(
            topic="event",
            type=name if isinstance(name, str) else None,
            data=data,
            external_id=delivery.headers["webhook-id"],
            label=label_of(data),
            contact=contact_of(data),
        )
    ]
