"""Adds or changes a row in a table of the shop's own."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json, SaveRow


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    may_change = config.get("if_there", "change") == "change"
    kept = await ctx.keep(SaveRow(config["table"], config["cells"], update=may_change))
    return Emit("done", {"row": kept["row"], "is_new": kept["is_new"]}, kept["words"])
