"""Waits for a while."""

from collections.abc import Mapping
from datetime import timedelta

from cartwheel.node_sdk import Context, Json, Wait


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait:
    amount, unit = config["amount"], config["unit"]
    counted = unit.removesuffix("s") if amount == 1 else unit
    return Wait(until=ctx.now + timedelta(**{unit: amount}), words=f"Waits {amount} {counted}.")
