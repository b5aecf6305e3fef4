"""Waits until something has stopped happening."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Context, Json, Wait
from node_catalog.objects.correlation import awaited


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait:
    amount, unit = config.get("amount", 10), config.get("unit", "minutes")
    counted = unit.removesuffix("s") if amount == 1 else unit
    quiet = timedelta(**{unit: amount})
    gives_way = config.get("then", "wait_again") == "give_way"
    return Wait(
        for_event={**awaited(ctx, config), "later": True},
        timeout=ctx.now + quiet,
        port="again",
        timeout_port="done",
        quiet=None if gives_way else quiet,
        words=f"Waits for {amount} {counted} without “{config['event_type']}”.",
        timeout_words=f"It has been quiet: no “{config['event_type']}” for {amount} {counted}.",
    )
