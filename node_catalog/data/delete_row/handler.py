"""Deletes rows of a table of the shop's own."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, DeleteRows, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    kept = await ctx.keep(DeleteRows(config["table"], config["column"], config["value"]))
    port = "done" if kept["deleted"] else "not_found"
    return Emit(port, {"deleted": kept["deleted"], "rows": kept["rows"]}, kept["words"])
