"""Repeats its body until the conditions hold, or until it has tried often enough."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Again, Context, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Again | Emit:
    if not ctx.passes:
        return Again()
    judgement = ctx.evaluate(config["rules"])
    times = "once" if ctx.passes == 1 else f"{ctx.passes} times"
    output = {"passes": ctx.passes, "reached": judgement.holds}
    if judgement.holds:
        return Emit("done", output, f"Repeated {times}: {judgement.words}")
    if ctx.passes >= config.get("most", 10):
        return Emit("gave_up", output, f"Gave up after repeating {times}: {judgement.words}")
    return Again(timedelta(**{config.get("unit", "hours"): config.get("wait", 0)}))
