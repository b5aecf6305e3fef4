"""What is told of events: to screens that watch, and to each other."""

import hashlib
from typing import Any

Json = Any


def event_news(workspace_id: int, event_id: str) -> dict[str, Json]:
    """What the screens that watch are told of an event that came in."""
    return {"kind": "event", "workspace_id": workspace_id, "id": event_id}


def short_hash(said: bytes) -> str:
    """128 bits of SHA-256 in hex: enough to tell two bodies apart for ever."""
    return hashlib.sha256(said).hexdigest()[:32]
