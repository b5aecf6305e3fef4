"""Counts for each key within a window that rolls on with time."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Context, CountUp, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    window = timedelta(**{config["unit"]: config["window"]})
    limit = str(config.get("limit") or "").strip() or None
    kept = await ctx.keep(CountUp(config["name"], config["key"], config["amount"], window, limit))
    output = {name: kept[name] for name in ("within", "sum", "left")}
    return Emit("within" if kept["within"] else "over", output, kept["words"])
