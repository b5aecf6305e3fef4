"""Moments in somebody's time zone."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cartwheel.node_sdk import Json, NodeError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MORNING = "09:00"
_A_YEAR = 366


def dated_moment(text: str, at: str | None, zone: ZoneInfo) -> datetime:
    """A date, or a date with a time; without an offset it is meant in the zone."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), _time(at or _MORNING), zone)
        given = datetime.fromisoformat(text)
        return given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        raise NodeError(
            f"“{text[:60] or ' '}” is no date to wait for."
            if text
            else "The date to wait for came out empty.",
            code="bad_date",
            fix="Write it as 2026-12-24, or choose a variable that holds a date.",
        ) from None


def weekday_moment(now: datetime, days: Sequence[str], at: str | None) -> datetime:
    """The next of these weekdays at a time of day; later today counts."""
    wanted = {_DAYS.index(day) for day in days} or set(range(7))
    for ahead in range(8):
        day = now.date() + timedelta(days=ahead)
        moment = datetime.combine(day, _time(at or _MORNING), now.tzinfo)
        if day.weekday() in wanted and moment > now:
            return moment
    raise AssertionError("a week has every weekday")


def business_moment(now: datetime, config: Mapping[str, Json]) -> datetime:
    """Now, if the shop is open, else when it opens next. Raises `NodeError` if it never does."""
    opens = _time(config.get("opens", _MORNING))
    closes = _time(config.get("closes", "17:00"))
    if opens >= closes:
        raise NodeError(
            f"The shop would open at {opens:%H:%M} and close at {closes:%H:%M}.",
            code="bad_hours",
            fix="Let it close later than it opens.",
        )
    days = {_DAYS.index(day) for day in config.get("days") or _DAYS[:5]}
    holidays = set(config.get("holidays") or ())
    for ahead in range(_A_YEAR):
        day = now.date() + timedelta(days=ahead)
        if day.weekday() not in days or day.isoformat() in holidays:
            continue
        if now < datetime.combine(day, closes, now.tzinfo):
            return max(now, datetime.combine(day, opens, now.tzinfo))
    raise NodeError(
        "The shop is never open within a year.",
        code="never_open",
        fix="Choose at least one weekday, and check the holidays.",
    )


def written(moment: datetime) -> str:
    """Thu 24 Dec 2026, 09:00 (Europe/Warsaw)."""
    day = f"{_NAMES[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day}, {moment:%H:%M} ({moment.tzinfo})"


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
