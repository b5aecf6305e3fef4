"""When a schedule is due. Pure: settings, a time zone and a moment in, moments out.

Every rhythm is a cron expression with Debian's rules at clock changes (a fixed time that does not
exist comes right after the gap, one that exists twice comes once, what runs every hour or every few
minutes follows real time), as https://github.com/cuu508/cronsim has them. What cron cannot say
("every second week", "the 31st or the month's last day") is a condition on the date.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from cronsim import CronSim

from cartwheel.node_sdk import Json

_FIRST_MONDAY = date(2024, 1, 1)
_MOST_LOOKS = 5_000
_LAST_DAY = "last"
_SHORTEST_MONTH = 28
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cron expression, and what the date must satisfy besides."""

    cron: str
    fits: Callable[[date], bool]

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first due moment (aware UTC) after an aware one; None if there is none."""
        return self._look(moment, zone, reverse=False)

    def last_until(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The last due moment (aware UTC) at or before an aware one."""
        return self._look(moment + timedelta(microseconds=1), zone, reverse=True)

    def _look(self, moment: datetime, zone: tzinfo, *, reverse: bool) -> datetime | None:
        local = moment.astimezone(zone)
        found = CronSim(self.cron, local, reverse=reverse)
        for due, _ in zip(found, range(_MOST_LOOKS), strict=False):
            exact = due.astimezone(UTC)
            # Where the clock goes back, the same local time has two moments.
            is_past = exact <= moment
            if is_past == reverse and self.fits(due.date()):
                return exact
        return None


def read_rhythm(settings: Mapping[str, Json]) -> Rhythm:
    """The rhythm that a schedule's settings (checked against their schema) say."""
    return _READERS[settings["repeat"]](settings)


def zone_of(settings: Mapping[str, Json], workspace_zone: str) -> ZoneInfo:
    """The schedule's own time zone, or the shop's."""
    return ZoneInfo(settings.get("timezone") or workspace_zone)


def _always(_: date) -> bool:
    return True


def _minutes(settings: Mapping[str, Json]) -> Rhythm:
    return Rhythm(f"*/{settings['minutes']} * * * *", _always)


def _hours(settings: Mapping[str, Json]) -> Rhythm:
    every = settings["hours"]
    return Rhythm(f"0 {'*' if every == 1 else f'*/{every}'} * * *", _always)


def _days(settings: Mapping[str, Json]) -> Rhythm:
    start, every = _counted_from(settings), _every(settings)
    return Rhythm(f"{_clock(settings)} * * *", lambda day: (day - start).days % every == 0)


def _weeks(settings: Mapping[str, Json]) -> Rhythm:
    start, every = _counted_from(settings), _every(settings)
    monday = start - timedelta(days=start.weekday())
    days = ",".join(str(_WEEKDAYS.index(name) + 1) for name in settings["weekdays"])
    return Rhythm(
        f"{_clock(settings)} * * {days}", lambda day: (day - monday).days // 7 % every == 0
    )


def _months(settings: Mapping[str, Json]) -> Rhythm:
    start, every, wanted = _counted_from(settings), _every(settings), settings["day"]
    number = 31 if wanted == _LAST_DAY else int(wanted)

    def fits(day: date) -> bool:
        months = (day.year - start.year) * 12 + day.month - start.month
        return months % every == 0 and day.day == min(number, monthrange(day.year, day.month)[1])

    days = str(number) if number < _SHORTEST_MONTH else f"{_SHORTEST_MONTH}-31"
    return Rhythm(f"{_clock(settings)} {days} * *", fits)


def _cron(settings: Mapping[str, Json]) -> Rhythm:
    return Rhythm(str(settings["cron"]), _always)


def _clock(settings: Mapping[str, Json]) -> str:
    hour, _, minute = str(settings["time"]).partition(":")
    return f"{int(minute)} {int(hour)}"


def _every(settings: Mapping[str, Json]) -> int:
    return int(settings.get("every") or 1)


def _counted_from(settings: Mapping[str, Json]) -> date:
    given = settings.get("starting")
    return date.fromisoformat(given) if given else _FIRST_MONDAY


_READERS: Mapping[str, Callable[[Mapping[str, Json]], Rhythm]] = {
    "minutes": _minutes, "hours": _hours, "days": _days, "weeks": _weeks, "months": _months,
    "cron": _cron,
}  # fmt: skip
