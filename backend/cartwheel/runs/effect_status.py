"""How far an act outside has come."""

from enum import StrEnum


class EffectStatus(StrEnum):
    """How far an act outside has come. REFUSED: it surely did not happen."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
