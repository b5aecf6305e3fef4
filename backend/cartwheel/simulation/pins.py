"""Pinned outputs: steps that a simulation does not perform; the merchant says what they gave.

They stand in the graph's settings, as `{"pins": {"<node id>": {"port": "done", "output": …}}}`, and
nothing but the simulator reads them: a live run performs every step.
"""

from collections.abc import Mapping

from cartwheel.errors import Invalid
from cartwheel.node_sdk import Emit, Json

_KEY = "pins"
_FORM = 'Write each as {"port": "done", "output": …}, by the id of its step.'


def read_pins(settings: Mapping[str, Json]) -> Mapping[str, Emit]:
    """What each pinned step emits, by node id. Raises `Invalid` for pins that cannot be read."""
    pins = settings.get(_KEY)
    if pins is None:
        return {}
    if not isinstance(pins, Mapping):
        raise Invalid(f"The pinned outputs cannot be read. {_FORM}", code="bad_pins")
    return {str(node_id): _emit(str(node_id), pin) for node_id, pin in pins.items()}


def _emit(node_id: str, pin: Json) -> Emit:
    port = pin.get("port") if isinstance(pin, Mapping) else None
    if not isinstance(pin, Mapping) or not isinstance(port, str):
        raise Invalid(
            f"The pinned output of the step “{node_id}” cannot be read. {_FORM}", code="bad_pins"
        )
    return Emit(port, pin.get("output"))
