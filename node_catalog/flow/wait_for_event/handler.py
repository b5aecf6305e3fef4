"""Waits for an event that belongs to this run, or until it has waited long enough."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Context, Json, Wait
from node_catalog.objects.correlation import awaited


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait:
    amount, unit = config.get("amount", 3), config.get("unit", "days")
    counted = unit.removesuffix("s") if amount == 1 else unit
    return Wait(
        for_event=awaited(ctx, config),
        timeout=ctx.now + timedelta(**{unit: amount}),
        timeout_port="timed_out",
        words=f"Waits for “{config['event_type']}”, at most {amount} {counted}.",
    )
