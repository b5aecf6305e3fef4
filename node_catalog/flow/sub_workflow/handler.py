"""Runs another workflow and goes on with its result."""

from collections.abc import Mapping

from cartwheel.node_sdk import Call, Context, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Call:
    given = ctx.read("event.data") if config.get("pass_on", "everything") == "everything" else None
    objects = dict(given) if isinstance(given, Mapping) else {}
    data = {**objects, **(config.get("values") or {})}
    return Call(config["workflow"], data, config.get("version"))
