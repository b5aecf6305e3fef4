"""Moments in somebody's time zone.

What the clock never shows, because it jumps over it, comes right after the jump; what it shows
twice comes the first time: as with schedules. Moments are compared in UTC, because two of one zone
compare by what the clock shows.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cartwheel.node_sdk import Json, NodeError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MORNING = "09:00"
_A_YEAR = 366
_SECOND = timedelta(seconds=1)


def shown(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the zone's clock shows this, or jumps over it."""
    moment = naive.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == naive:
        return moment
    before, after = naive.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def dated_moment(text: str, at: str | None, zone: ZoneInfo, by: Mapping[str, int]) -> datetime:
    """A date, or a date with a time; without an offset it is meant in the zone. `by` is how long
    before or after it (`timedelta`'s arguments): whole days are the calendar's, so that 9:00 stays
    9:00 across a clock change. Raises `NodeError`."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            naive = datetime.combine(date.fromisoformat(text), _time(at or _MORNING))
        else:
            given = datetime.fromisoformat(text)
            naive = (given.astimezone(zone) if given.tzinfo else given).replace(tzinfo=None)
            if given.tzinfo and not _counts_days(by):
                return given.astimezone(UTC) + timedelta(**by)
    except (ValueError, OverflowError):
        raise _no_date(text) from None
    try:
        if _counts_days(by):
            return shown(naive + timedelta(**by), zone)
        return shown(naive, zone) + timedelta(**by)
    except OverflowError:
        raise NodeError(
            "The moment to wait for lies outside of the calendar.",
            code="bad_date",
            fix="Choose a nearer date, or a smaller shift.",
        ) from None


def _counts_days(by: Mapping[str, int]) -> bool:
    return "days" in by or "weeks" in by


def _no_date(text: str) -> NodeError:
    return NodeError(
        f"“{text[:60]}” is no date to wait for."
        if text
        else "The date to wait for came out empty.",
        code="bad_date",
        fix="Write it as 2026-12-24, or choose a variable that holds a date.",
    )


def weekday_moment(now: datetime, zone: ZoneInfo, days: Sequence[str], at: str | None) -> datetime:
    """The next of these weekdays at a time of day; later today counts."""
    wanted = {_DAYS.index(day) for day in days} or set(range(7))
    today = now.astimezone(zone).date()
    for ahead in range(9):  # One more than a week, where the calendar leaves out a day.
        day = today + timedelta(days=ahead)
        moment = shown(datetime.combine(day, _time(at or _MORNING)), zone)
        if day.weekday() in wanted and moment > now:
            return moment
    raise AssertionError("a week has every weekday")


def business_moment(now: datetime, zone: ZoneInfo, config: Mapping[str, Json]) -> datetime:
    """Now, if the shop is open, else when it opens next; it may be open past midnight. Raises
    `NodeError` if it never opens."""
    opens, closes = _time(config.get("opens", _MORNING)), _time(config.get("closes", "17:00"))
    if opens == closes:
        raise NodeError(
            f"The shop would open at {opens:%H:%M} and close at {closes:%H:%M}.",
            code="bad_hours",
            fix="Let it close later than it opens.",
        )
    overnight = timedelta(days=1 if closes < opens else 0)
    today = now.astimezone(zone).date()
    for ahead in range(-1, _A_YEAR):
        day = today + timedelta(days=ahead)
        if not _is_open_on(day, config):
            continue
        if now < shown(datetime.combine(day + overnight, closes), zone):
            return max(now, shown(datetime.combine(day, opens), zone))
    raise NodeError(
        "The shop is never open within a year.",
        code="never_open",
        fix="Choose at least one weekday, and check the holidays.",
    )


def _is_open_on(day: date, config: Mapping[str, Json]) -> bool:
    weekdays = config.get("days") or _DAYS[:5]
    if _DAYS[day.weekday()] not in weekdays or day.isoformat() in config.get("holidays", ()):
        return False
    return not any(
        min(closed["from"], closed["until"])
        <= day.isoformat()
        <= max(closed["from"], closed["until"])
        for closed in config.get("closed", ())
    )


def written(moment: datetime, zone: ZoneInfo) -> str:
    """Thu 24 Dec 2026, 09:00 (Europe/Warsaw)."""
    local = moment.astimezone(zone)
    day = f"{_NAMES[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M} ({zone})"


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
