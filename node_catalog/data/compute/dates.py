"""Dates and times; what comes out is an RFC 3339 time in UTC, or a date."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cartwheel.node_sdk import Context, Json, NodeError
from node_catalog.objects.zones import zone_for

Entry = Mapping[str, Json]


def moment_of(ctx: Context, text: Json) -> datetime:
    """A date or a time as it is written in data; without an offset in the shop's time zone.

    `now` is the present. Raises `NodeError`.
    """
    written = str(text or "").strip()
    if written == "now":
        return ctx.now
    try:
        given = datetime.fromisoformat(written)
        zoned = given if given.tzinfo else given.replace(tzinfo=zone_for(ctx, "workspace"))
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        said = f"“{written[:60]}” is no date." if written else "a date is empty."
        fix = "Write it as 2026-12-24, or choose a variable that holds a date."
        raise NodeError(said, code="bad_date", fix=fix) from None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _shifted(ctx: Context, entry: Entry, sign: int) -> str:
    """Days and weeks are those of the calendar, so that 9:00 stays 9:00."""
    unit = str(entry.get("unit", "days"))
    moment = moment_of(ctx, entry.get("value"))
    try:
        by = timedelta(**{unit: sign * int(entry.get("amount", 1))})
        if unit in {"days", "weeks"}:
            local = moment.astimezone(zone_for(ctx, "workspace"))
            return _written(local + by)
        return _written(moment + by)
    except OverflowError:
        fix = "Choose a smaller number."
        raise NodeError("the date is too far away.", code="bad_date", fix=fix) from None


def _later(ctx: Context, entry: Entry) -> str:
    return _shifted(ctx, entry, 1)


def _earlier(ctx: Context, entry: Entry) -> str:
    return _shifted(ctx, entry, -1)


def _days_between(ctx: Context, entry: Entry) -> int:
    """Whole days of the shop's calendar from the first date to the second."""
    zone = zone_for(ctx, "workspace")
    first, last = (
        moment_of(ctx, entry.get(name)).astimezone(zone).date() for name in ("value", "with")
    )
    return (last - first).days


def _day(ctx: Context, entry: Entry) -> str:
    moment = moment_of(ctx, entry.get("value"))
    return moment.astimezone(zone_for(ctx, "workspace")).date().isoformat()


OPERATIONS = {
    "later": _later,
    "earlier": _earlier,
    "days_between": _days_between,
    "day": _day,
}
