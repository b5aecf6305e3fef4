"""Judges the conditions and goes one of two ways."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    judgement = ctx.evaluate(config["rules"])
    port = "then" if judgement.holds else "otherwise"
    output = {"holds": judgement.holds, "compared": judgement.compared}
    return Emit(port, output, judgement.words)
