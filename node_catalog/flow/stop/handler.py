"""Ends the run."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Json, Stop


async def run(ctx: Context, config: Mapping[str, Json]) -> Stop:  # noqa: ARG001
    return Stop(config.get("label", ""), failed=config.get("outcome") == "failure")
