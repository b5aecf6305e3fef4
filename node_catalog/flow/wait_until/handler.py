"""Waits until a moment: a date, a weekday, or the shop's business hours."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cartwheel.node_sdk import Context, Emit, Json, Wait
from node_catalog.flow.wait_until.moments import (
    business_moment,
    dated_moment,
    weekday_moment,
    written,
)
from node_catalog.objects.zones import zone_for


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait | Emit:
    whose = config.get("zone", "workspace")
    named = config.get("zone_field" if whose == "field" else "zone_name", "")
    zone = zone_for(ctx, whose, named)
    mode = config.get("mode", "date")
    if mode == "date":
        return _dated(ctx, config, zone)
    if mode == "weekday":
        until = weekday_moment(ctx.now, zone, config.get("days") or [], config.get("time"))
    else:
        until = business_moment(ctx.now, zone, config)
    if until <= ctx.now:
        return Wait(until=until, words=f"{written(until, zone)} has already come.")
    return Wait(until=until, words=f"Waits until {written(until, zone)}.")


def _dated(ctx: Context, config: Mapping[str, Json], zone: ZoneInfo) -> Wait | Emit:
    """Some time before or after a date; if that is over, the merchant chose what follows."""
    amount = config.get("shift", 0)
    signed = -amount if config.get("shift_side", "before") == "before" else amount
    by = {config.get("shift_unit", "days"): signed} if amount else {}
    until = dated_moment(config.get("date", ""), config.get("time"), zone, by)
    if until > ctx.now:
        return Wait(until=until, words=f"Waits until {written(until, zone)}.")
    if config.get("when_passed") == "passed":
        return Emit("passed", {}, f"{written(until, zone)} has already passed.")
    return Wait(until=until, words=f"{written(until, zone)} has already come.")
