"""Plays a node type on settings and answers that a test makes up."""

from collections.abc import Mapping, Sequence
from typing import Any

from cartwheel.catalog.playing import Played, play
from cartwheel.catalog.registry import load_registry
from cartwheel.catalog.samples import Exchange, Sample
from cartwheel.node_sdk import ConnectionInfo, Response

Call = tuple[Mapping[str, Any], Response]


async def performed(
    node_type: str,
    config: Mapping[str, Any],
    scope: Mapping[str, Any] | None = None,
    *,
    connection: ConnectionInfo | None = None,
    calls: Sequence[Call] = (),
) -> Played:
    """What the newest version of `node_type` makes of it; `calls` are (request parts, answer)."""
    exchange = tuple(Exchange(request, answer) for request, answer in calls)
    sample = Sample("test", "Test", config, scope or {}, "done", None, connection, exchange)
    return await play(load_registry().latest(node_type), sample)
