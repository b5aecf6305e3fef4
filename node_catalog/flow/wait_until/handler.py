"""Waits until a moment: a date, a weekday, or the shop's business hours."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cartwheel.node_sdk import Context, Emit, Json, Wait
from node_catalog.flow.wait_until.moments import (
    business_moment,
    dated_moment,
    weekday_moment,
    written,
)
from node_catalog.objects.zones import zone_for

_UNITS = {"minutes": "minutes", "hours": "hours", "days": "days", "weeks": "weeks"}


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait | Emit:
    zone = zone_for(ctx, config.get("zone", "workspace"), config.get("zone_name", ""))
    now = ctx.now.astimezone(zone)
    mode = config.get("mode", "date")
    if mode == "date":
        until = _shifted(dated_moment(config.get("date", ""), config.get("time"), zone), config)
        if until <= now and config.get("when_passed") == "passed":
            return Emit("passed", {}, f"{written(until)} has already passed.")
    elif mode == "weekday":
        until = weekday_moment(now, config.get("days") or [], config.get("time"))
    else:
        until = business_moment(now, config)
    if until <= now:
        return Wait(until=until.astimezone(UTC), words=f"{written(until)} has already come.")
    return Wait(until=until.astimezone(UTC), words=f"Waits until {written(until)}.")


def _shifted(moment: datetime, config: Mapping[str, Json]) -> datetime:
    """Some time before or after the date; days are calendar days, so that 9:00 stays 9:00."""
    amount = config.get("shift", 0)
    by = timedelta(**{_UNITS[config.get("shift_unit", "days")]: amount})
    signed = -by if config.get("shift_side", "before") == "before" else by
    if config.get("shift_unit", "days") in {"minutes", "hours"}:
        return (moment.astimezone(UTC) + signed).astimezone(moment.tzinfo)
    return moment + signed
