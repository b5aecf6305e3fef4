"""Looks for rows in a table of the shop's own."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, FindRows, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    wanted = FindRows(
        config["table"], config.get("column"), config.get("value", ""), config.get("limit", 1)
    )
    found = await ctx.find_rows(wanted)
    rows, table = found["rows"], found["table"]
    output = {"row": rows[0] if rows else None, "rows": rows, "count": len(rows)}
    if not rows:
        return Emit("not_found", output, f"Nothing in “{table}” fits.")
    return Emit("found", output, f"Found in “{table}”: {len(rows)}.")
